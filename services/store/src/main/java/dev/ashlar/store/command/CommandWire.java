package dev.ashlar.store.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.ashlar.raft.Command;
import dev.ashlar.store.kv.Fence;
import dev.ashlar.store.kv.KvFrames;

/** Commands and their outcomes between stores, as bytes. Pure. */
final class CommandWire {
    private static final int APPLIED = 0;

    private CommandWire() {}

    static byte[] calls(List<CommandCall> calls) {
        List<byte[]> frames = new ArrayList<>(calls.size());
        for (CommandCall call : calls) {
            frames.add(KvFrames.command(call.command(), call.idempotencyKey(), call.fence()));
        }
        return KvFrames.join(frames);
    }

    /** Nothing when the bytes are no list of commands that this version knows. */
    static Optional<List<CommandCall>> readCalls(byte[] bytes) {
        Optional<List<byte[]>> frames = KvFrames.split(bytes);
        if (frames.isEmpty()) {
            return Optional.empty();
        }
        List<CommandCall> calls = new ArrayList<>();
        for (byte[] frame : frames.get()) {
            Optional<KvFrames.Sent> sent = KvFrames.readCommand(frame);
            if (sent.isEmpty()) {
                return Optional.empty();
            }
            Optional<Fence> fence = sent.get().fence();
            calls.add(new CommandCall(sent.get().command(), sent.get().idempotencyKey(), fence));
        }
        return Optional.of(calls);
    }

    static byte[] told(List<Told> told) {
        List<byte[]> frames = new ArrayList<>(told.size());
        for (Told one : told) {
            frames.add(
                    switch (one) {
                        case Told.Result(var result) -> KvFrames.tagged(APPLIED, KvFrames.result(result));
                        case Told.Failure(var failure) -> new byte[] {(byte) (1 + failure.ordinal())};
                    });
        }
        return KvFrames.join(frames);
    }

    /** Nothing when the bytes are not the outcomes of {@code count} commands. */
    static Optional<List<Told>> readTold(byte[] bytes, int count) {
        Optional<List<byte[]>> frames = KvFrames.split(bytes);
        if (frames.isEmpty() || frames.get().size() != count) {
            return Optional.empty();
        }
        List<Told> told = new ArrayList<>();
        for (byte[] frame : frames.get()) {
            if (frame.length > 0 && frame[0] == APPLIED) {
                var result = KvFrames.readResult(frame, 1);
                if (result.isEmpty()) {
                    return Optional.empty();
                }
                told.add(new Told.Result(result.get()));
            } else if (frame.length == 1 && frame[0] >= 1 && frame[0] <= Command.Failure.values().length) {
                told.add(new Told.Failure(Command.Failure.values()[frame[0] - 1]));
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(told);
    }
}
