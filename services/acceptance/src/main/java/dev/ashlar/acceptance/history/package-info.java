/**
 * What clients saw, and whether a correct store could have answered so.
 *
 * <p>{@link dev.ashlar.acceptance.history.History} collects operations while they run;
 * {@link dev.ashlar.acceptance.history.KeyChecker} decides per key whether they are linearizable,
 * {@link dev.ashlar.acceptance.history.ShardOrder} whether the revisions of a shard fit the real time, and
 * {@link dev.ashlar.acceptance.history.HistoryCheck} runs both. Everything but the collecting is pure: no clock, no
 * network, no randomness. It knows nothing about how the operations were sent.
 */
package dev.ashlar.acceptance.history;
