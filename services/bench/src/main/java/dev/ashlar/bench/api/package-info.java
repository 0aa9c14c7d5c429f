/**
 * The figures of the calls beside put and get: transactions and locks against etcd's, watches while writes come in, and what
 * tokens cost. {@link dev.ashlar.bench.api.ApiFigures} runs them; the report is a pure function of what was seen.
 */
package dev.ashlar.bench.api;
