/**
 * What stores, coordinators, the command line and the benchmark agree on: limits, identities, error codes and the JSON
 * records they exchange. Plain Java without a framework; every module may use it, it uses none of them.
 */
package dev.ashlar.common;
