/**
 * Commands on their way to the leader of their shard: {@link dev.ashlar.store.command.ShardCommands} submits them here or
 * carries them to the store that leads, and {@link dev.ashlar.store.command.CommandsRoute} takes them there.
 *
 * <p>{@code txn}, {@code batch}, {@code lock} and the deletion of ranges use it, on an event loop. It knows nothing of the
 * requests of clients, and never sends a command twice when it may have been applied.
 */
package dev.ashlar.store.command;
