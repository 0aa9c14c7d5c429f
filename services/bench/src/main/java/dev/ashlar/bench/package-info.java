/**
 * {@code ashlar bench}: load against a running cluster, and the figures that docs/benchmarks.md shows, each by one
 * subcommand. The command line is here; load, protocols, processes and reports have packages of their own.
 */
package dev.ashlar.bench;
