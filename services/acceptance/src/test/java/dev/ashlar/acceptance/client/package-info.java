/** The Java client against real processes. */
package dev.ashlar.acceptance.client;
