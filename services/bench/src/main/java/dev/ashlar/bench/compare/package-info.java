/**
 * The side-by-side comparison with etcd: both clusters on one disk in one run, measured in turn, and the report about it.
 *
 * <p>{@link dev.ashlar.bench.compare.Compare} runs it; the report is a pure function of the results, so that it is tested
 * without a server.
 */
package dev.ashlar.bench.compare;
