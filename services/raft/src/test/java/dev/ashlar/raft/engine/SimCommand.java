package dev.ashlar.raft.engine;

import java.util.function.Consumer;

import dev.ashlar.raft.Command;

/** A numbered command that tells its history what became of it. */
record SimCommand(long number, Runnable acknowledged, Consumer<Failure> onFailure) implements Command {
    @Override
    public byte[] bytes() {
        return SimState.encode(number);
    }

    @Override
    public void failed(Failure failure) {
        onFailure.accept(failure);
    }
}
