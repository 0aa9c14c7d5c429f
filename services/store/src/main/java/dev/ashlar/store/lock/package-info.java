/**
 * {@code /v1/locks/{name}}: acquiring, prolonging and releasing locks, and waiting for one. Who holds a lock is decided by
 * the log of its shard ({@link dev.ashlar.store.kv.KvCommand.Lock}); nothing here keeps any state of it.
 */
package dev.ashlar.store.lock;
