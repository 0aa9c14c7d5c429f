package dev.ashlar.raft.state;

import dev.ashlar.raft.Command;

/** A command that counts what it was told. */
final class Told implements Command {
    private final byte[] bytes;
    int applied;
    int failed;

    Told(String command) {
        bytes = Register.bytes(command);
    }

    void applied() {
        applied++;
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public void failed(Failure failure) {
        failed++;
    }
}
