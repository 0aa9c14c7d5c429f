package dev.ashlar.store.command;

import dev.ashlar.raft.Command;
import dev.ashlar.store.kv.KvResult;

/** What the group told the one who submitted a command. */
sealed interface Told {
    record Result(KvResult result) implements Told {}

    record Failure(Command.Failure failure) implements Told {}
}
