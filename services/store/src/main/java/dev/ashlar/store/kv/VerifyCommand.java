package dev.ashlar.store.kv;

import dev.ashlar.raft.Command;

/**
 * A command that changes nothing, not even the shard's time: at its place in the log every replica keeps a view of its state
 * to compute a checksum of. Its first byte is that of no other command, so a version that does not know it passes over it,
 * and stays equal to those that do.
 */
public final class VerifyCommand implements Command {
    private static final byte KIND = 'V';

    /** Whether these are the bytes of one. */
    static boolean is(byte[] command) {
        return command.length == 1 && command[0] == KIND;
    }

    @Override
    public byte[] bytes() {
        return new byte[] {KIND};
    }

    /** The next one comes soon enough. */
    @Override
    public void failed(Failure failure) {
        // Nobody waits for it.
    }
}
