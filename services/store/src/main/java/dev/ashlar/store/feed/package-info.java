/**
 * What happens to the shards, as this store sees it: one thread reads the histories of all shards in order and hands the
 * events on to those who watch ({@link dev.ashlar.store.feed.Subscription}) or wait for one key
 * ({@link dev.ashlar.store.feed.Feed#listen}).
 *
 * <p>{@code watch}, {@code lock} and the waiting reads of {@code http} use it. It reads applied state only, which is
 * committed and the same on every replica, so it neither asks nor burdens a leader; and it decides nothing about keys.
 */
package dev.ashlar.store.feed;
