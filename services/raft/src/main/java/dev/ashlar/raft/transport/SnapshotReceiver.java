package dev.ashlar.raft.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the records of a snapshot stream as files. Blocks; holds one chunk at a time. Either every file is whole, checked
 * and synced, or the directory is as empty as it was.
 */
final class SnapshotReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotReceiver.class);

    private final SnapshotWire.Reader in;
    private final Path into;
    private final LongAdder receivedBytes;
    private int files;
    private long totalBytes;

    SnapshotReceiver(InputStream in, Path into, LongAdder receivedBytes) {
        this.in = new SnapshotWire.Reader(in);
        this.into = into;
        this.receivedBytes = receivedBytes;
    }

    /** The applied index of the snapshot. */
    long receive() throws IOException {
        try (Stream<Path> present = Files.list(into)) {
            if (present.findAny().isPresent()) {
                throw new IOException(into + " is not empty");
            }
        }
        try {
            long index = receiveFiles();
            sync(into);
            return index;
        } catch (IOException | RuntimeException e) {
            empty(into);
            throw e;
        }
    }

    private long receiveFiles() throws IOException {
        while (true) {
            byte type = in.next();
            switch (type) {
                case SnapshotWire.FILE -> receiveFile();
                case SnapshotWire.DONE -> {
                    return done();
                }
                default -> throw unexpected(type);
            }
        }
    }

    private void receiveFile() throws IOException {
        if (++files > TransportLimits.SNAPSHOT_FILES_MAX) {
            throw new ProtocolException("more than " + TransportLimits.SNAPSHOT_FILES_MAX + " files");
        }
        long left = fixed(in.text().length() >= 8).getLong();
        String name = in.text().substring(8);
        SnapshotWire.checkName(name);
        if (left < 0 || left > TransportLimits.SNAPSHOT_FILE_BYTES_MAX) {
            throw new ProtocolException("file of " + left + " bytes");
        }
        CRC32C crc = new CRC32C();
        // CREATE_NEW: neither a name that comes twice nor a link leads anywhere.
        try (FileChannel file =
                FileChannel.open(into.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (left > 0) {
                expect(SnapshotWire.CHUNK);
                ByteBuffer data = in.payload();
                int count = data.remaining();
                if (count == 0 || count > left) {
                    throw new ProtocolException("chunk of " + count + " bytes where " + left + " are left");
                }
                crc.update(data.duplicate());
                while (data.hasRemaining()) {
                    file.write(data);
                }
                left -= count;
                totalBytes += count;
                receivedBytes.add(count);
            }
            expect(SnapshotWire.FILE_END);
            if (fixed(in.payload().remaining() == 4).getInt() != (int) crc.getValue()) {
                throw new ProtocolException("checksum of " + name + " differs");
            }
            file.force(true);
        }
    }

    private long done() throws IOException {
        ByteBuffer payload = fixed(in.payload().remaining() == 20);
        long index = payload.getLong();
        if (payload.getInt() != files || payload.getLong() != totalBytes) {
            throw new ProtocolException("the snapshot is not complete");
        }
        return index;
    }

    private ByteBuffer fixed(boolean wellFormed) throws ProtocolException {
        if (!wellFormed) {
            throw new ProtocolException("malformed record");
        }
        return in.payload();
    }

    private void expect(byte type) throws IOException {
        byte next = in.next();
        if (next != type) {
            throw unexpected(next);
        }
    }

    private IOException unexpected(byte type) {
        return type == SnapshotWire.FAILED
                ? new IOException("the peer says: " + Handshake.shorten(in.text()))
                : new ProtocolException("unexpected record of type " + (type & 0xff));
    }

    /** Deletes the files below a directory; a file that stays is logged. */
    static void empty(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            LOG.warn("cannot empty {}", directory, e);
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
