/**
 * Single figures about a cluster that the command starts for itself: how long writes stop when a leader is killed, how long
 * a store takes to come back, how memory behaves while data is loaded, what idle processes cost, how native executables compare with JVMs.
 *
 * <p>Each command prints a table and one JSON line and puts the table between its own markers into docs/benchmarks.md. Each
 * works in its own directory below {@code .ashlar/bench-figures}, which it empties first.
 */
package dev.ashlar.bench.figure;
