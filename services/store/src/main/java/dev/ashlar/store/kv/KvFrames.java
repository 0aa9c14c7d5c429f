package dev.ashlar.store.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.ashlar.common.Limits;

/** Commands and results as bytes that stores send to each other, and lists of such. Strict; never throws on bad bytes. Pure. */
public final class KvFrames {
    private static final int FRAMES_MAX = Limits.BATCH_COMMANDS_MAX * 4;

    /** A command as another store sent it. */
    public record Sent(KvCommand command, Optional<String> idempotencyKey, Optional<Fence> fence) {}

    private KvFrames() {}

    /** A command; it gets its stamp from the leader that it is sent to. */
    public static byte[] command(KvCommand command, Optional<String> idempotencyKey, Optional<Fence> fence) {
        return KvCommandCodec.encode(KvEnvelope.of(command, 0, idempotencyKey, fence));
    }

    public static Optional<Sent> readCommand(byte[] bytes) {
        return KvCommandCodec.decode(bytes)
                .map(read -> new Sent(
                        read.command(),
                        Optional.of(read.idempotencyKey()).filter(key -> !key.isEmpty()),
                        read.fence()));
    }

    public static byte[] result(KvResult result) {
        ByteWriter out = new ByteWriter(64);
        KvResultCodec.write(out, result);
        return out.toBytes();
    }

    public static Optional<KvResult> readResult(byte[] bytes, int from) {
        ByteReader in = new ByteReader(bytes, from, bytes.length);
        Optional<KvResult> result = KvResultCodec.read(in);
        return in.finished() ? result : Optional.empty();
    }

    /** A byte that says what follows. */
    public static byte[] tagged(int tag, byte[] bytes) {
        byte[] tagged = new byte[bytes.length + 1];
        tagged[0] = (byte) tag;
        System.arraycopy(bytes, 0, tagged, 1, bytes.length);
        return tagged;
    }

    /** Frames one after the other, each with its length. */
    public static byte[] join(List<byte[]> frames) {
        int bytes = frames.stream().mapToInt(frame -> frame.length + 5).sum();
        ByteWriter out = new ByteWriter(bytes);
        frames.forEach(out::block);
        return out.toBytes();
    }

    public static Optional<List<byte[]>> split(byte[] bytes) {
        ByteReader in = new ByteReader(bytes, 0, bytes.length);
        List<byte[]> frames = new ArrayList<>();
        while (!in.finished()) {
            frames.add(in.block(bytes.length));
            if (in.bad() || frames.size() > FRAMES_MAX) {
                return Optional.empty();
            }
        }
        return Optional.of(frames);
    }
}
