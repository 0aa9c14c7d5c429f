/**
 * The closed-loop load generator: clients that each wait for their answer before they ask again, one or two threads with
 * a selector each, no allocation per operation.
 *
 * <p>It shares the machine with the servers it measures, so that every microsecond here is one that a server does not get:
 * protocols are hand-written state machines over {@code java.nio}, requests are copied from bytes prepared before the run,
 * and the client's own CPU is part of every result. A {@link dev.ashlar.bench.load.Target} says where operations go; this
 * package knows no protocol and no server, and never starts or stops a process.
 */
package dev.ashlar.bench.load;
