package dev.ashlar.raft.transport;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.CRC32C;

import dev.ashlar.raft.SnapshotFiles;

/** Turns the files of a snapshot into records. Blocks; holds one chunk at a time. */
final class SnapshotSender {
    private final SnapshotWire.Output out;
    private final LongAdder sentBytes;
    private final byte[] chunk = new byte[TransportLimits.CHUNK_BYTES_MAX];

    SnapshotSender(SnapshotWire.Output out, LongAdder sentBytes) {
        this.out = out;
        this.sentBytes = sentBytes;
    }

    void send(SnapshotFiles snapshot) throws IOException {
        List<String> names = snapshot.names();
        if (names.size() > TransportLimits.SNAPSHOT_FILES_MAX) {
            throw new IOException("snapshot has " + names.size() + " files");
        }
        long total = 0;
        for (String name : names) {
            SnapshotWire.checkName(name);
            try (FileChannel file = FileChannel.open(snapshot.directory().resolve(name), StandardOpenOption.READ)) {
                total += sendFile(name, file);
            }
        }
        out.write(SnapshotWire.done(snapshot.index(), names.size(), total));
    }

    private long sendFile(String name, FileChannel file) throws IOException {
        long length = file.size();
        out.write(SnapshotWire.file(name, length));
        CRC32C crc = new CRC32C();
        for (long left = length; left > 0; ) {
            int count = (int) Math.min(left, chunk.length);
            ByteBuffer into = ByteBuffer.wrap(chunk, 0, count);
            while (into.hasRemaining()) {
                if (file.read(into) < 0) {
                    throw new EOFException(name + " has become shorter than " + length + " bytes");
                }
            }
            crc.update(chunk, 0, count);
            out.write(SnapshotWire.record(SnapshotWire.CHUNK, chunk, count));
            sentBytes.add(count);
            left -= count;
        }
        out.write(SnapshotWire.fileEnd(crc));
        return length;
    }
}
