package dev.ashlar.raft.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

import dev.ashlar.raft.Command;
import dev.ashlar.raft.LogEntry;

/** The smallest state machine there is: a command {@code key=text} appends the text to the key's value. */
final class Register extends RocksStateMachine {
    private static final String COUNT = "count";

    private volatile long visibleCount;
    private long count;

    Register(RocksResources resources, Path directory, int formatVersion) throws IOException {
        super(resources, directory, formatVersion);
        open();
    }

    Register(RocksResources resources, Path directory) throws IOException {
        this(resources, directory, 1);
    }

    @Override
    protected void load() throws IOException {
        count = readWritten(row(COUNT))
                .map(bytes -> Numbers.fromBytes(bytes, 0))
                .orElse(0L);
    }

    @Override
    protected void applyEntry(LogEntry entry) throws IOException {
        for (int i = 0; i < entry.commands().size(); i++) {
            String[] parts = text(entry.commands().get(i)).split("=", 2);
            byte[] row = row(parts[0]);
            if (parts[1].isEmpty()) {
                delete(row);
            } else {
                put(row, bytes(read(row).map(Register::text).orElse("") + parts[1]));
            }
            count++;
            if (!entry.origins().isEmpty()) {
                Command origin = entry.origins().get(i);
                tellAfterWrite(origin, ((Told) origin)::applied);
            }
        }
    }

    @Override
    protected void beforeWrite() {
        put(row(COUNT), Numbers.toBytes(count));
    }

    @Override
    protected void afterWrite() {
        visibleCount = count;
    }

    String value(String key) throws IOException {
        return readWritten(row(key)).map(Register::text).orElse("absent");
    }

    long count() {
        return visibleCount;
    }

    /** Counts rows, slowly, by a walk. */
    long rows() throws IOException {
        return walk(iterator -> {
            long rows = 0;
            for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                rows++;
                checkNotClosing();
            }
            return rows;
        });
    }

    Optional<byte[]> raw(String key) throws IOException {
        return readWritten(row(key));
    }

    static byte[] row(String key) {
        return bytes("r" + key);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
