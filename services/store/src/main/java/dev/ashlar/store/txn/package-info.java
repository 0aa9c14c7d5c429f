/**
 * {@code POST /v1/txn}: reads a transaction, checks that all of its keys are of one shard, and has it applied by the shard's
 * log. What a transaction does is {@link dev.ashlar.store.kv.KvCommand.Txn}; nothing here decides about keys.
 */
package dev.ashlar.store.txn;
