package dev.ashlar.raft.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One open segment file. It is written through one channel (by the sync thread) and read through another one: an interrupt
 * of a reading thread closes the channel it reads from, and that must not end the log.
 */
final class Segment {
    final Path file;
    final long number;
    final int size;
    final byte[] seed;
    final FileChannel channel;

    private final Object readLock = new Object();
    private FileChannel reading;
    private volatile boolean dropped;

    Segment(Path file, long number, int size, byte[] seed, FileChannel channel) {
        this.file = file;
        this.number = number;
        this.size = size;
        this.seed = seed;
        this.channel = channel;
    }

    /** Reads a payload that has been written. Any thread. */
    byte[] read(LogPosition position) throws IOException {
        ByteBuffer record = ByteBuffer.allocate((int) RecordFormat.size(position.length()));
        try {
            readFully(record, position.offset());
        } catch (NoSuchFileException | ClosedChannelException gone) {
            throw dropped ? released(position) : gone;
        }
        if (!new RecordFormat().valid(record, 0, seed) || RecordFormat.length(record, 0) != position.length()) {
            if (dropped) {
                throw released(position);
            }
            throw LogCorruptException.at(file, position.offset(), "an entry has changed since it was written");
        }
        return RecordFormat.payload(record, 0);
    }

    /** What the header of a record says. */
    StoredEntry entry(int offset) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(RecordFormat.HEADER_BYTES);
        readFully(header, offset);
        if (!new RecordFormat().headerValid(header, 0, seed)) {
            throw LogCorruptException.at(file, offset, "an entry has changed since it was written");
        }
        return new StoredEntry(
                RecordFormat.index(header, 0),
                RecordFormat.term(header, 0),
                RecordFormat.type(header, 0),
                new LogPosition(number, offset, RecordFormat.length(header, 0)));
    }

    static IOException released(LogPosition position) {
        return new IOException("log entry at " + position + " has been released and is gone");
    }

    private void readFully(ByteBuffer into, long from) throws IOException {
        FileChannel source = readChannel();
        while (into.hasRemaining()) {
            if (source.read(into, from + into.position()) < 0) {
                throw LogCorruptException.at(file, from, "the file has become shorter");
            }
        }
        into.clear();
    }

    private FileChannel readChannel() throws IOException {
        synchronized (readLock) {
            if (dropped) {
                throw new ClosedChannelException();
            }
            if (reading == null || !reading.isOpen()) {
                reading = FileChannel.open(file, StandardOpenOption.READ);
            }
            return reading;
        }
    }

    void close() throws IOException {
        synchronized (readLock) {
            dropped = true;
            channel.close();
            if (reading != null) {
                reading.close();
            }
        }
    }
}
