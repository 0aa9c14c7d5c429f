package dev.ashlar.raft.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.AbstractList;
import java.util.List;

import io.microraft.model.log.LogEntry;

import dev.ashlar.raft.log.LogPosition;

/**
 * A log entry that need not hold its payload: once it is in the log it can be read from there, so that the entries which
 * MicroRaft keeps for slow followers are bounded in bytes ({@code HostOptions.cacheBytes}) and not only in number.
 *
 * <p>Engine thread only.
 */
public final class Entry implements LogEntry {
    /** Reads a payload back from the log. */
    public interface PayloadReader {
        byte[] read(LogPosition position) throws IOException;
    }

    private final long index;
    private final int term;
    private final byte type;
    private final int payloadBytes;
    private byte[] payload;
    private Object operation;
    private LogPosition position;
    private PayloadReader reader;

    /** A new entry of a leader; {@code operation} is kept until it was applied. */
    Entry(long index, int term, Object operation) {
        this(index, term, Operations.typeOf(operation), Operations.encode(operation), operation);
    }

    private Entry(long index, int term, byte type, byte[] payload, Object operation) {
        this.index = index;
        this.term = term;
        this.type = type;
        this.payload = payload;
        this.payloadBytes = payload.length;
        this.operation = operation;
    }

    /**
     * An entry from a peer.
     *
     * @throws WireException when it could not be taken apart later: it must not get into the log
     */
    static Entry received(long index, int term, byte type, byte[] payload) {
        Operations.check(type, payload);
        return new Entry(index, term, type, payload, null);
    }

    /** An entry from the log. */
    public Entry(long index, int term, byte type, LogPosition position, int payloadBytes, PayloadReader reader) {
        this.index = index;
        this.term = term;
        this.type = type;
        this.payloadBytes = payloadBytes;
        this.position = position;
        this.reader = reader;
    }

    /** Tells where the entry stands in the log; from then on the payload may be dropped. */
    public void stored(LogPosition at, PayloadReader from) {
        position = at;
        reader = from;
    }

    /**
     * Forgets the payload; it is read from the log when it is needed again. One that is no batch of commands stays: it is small,
     * and whoever asks for its operation would have no way to tell that the log cannot be read.
     */
    public void dropPayload() {
        if (position != null && type == Operations.BATCH) {
            payload = null;
        }
    }

    /** Reads what {@link #dropPayload} would keep. For an entry from the log. */
    public void loadUnlessBatch() throws IOException {
        if (type != Operations.BATCH && payload == null) {
            payload = reader.read(position);
        }
    }

    /** Forgets the decoded operation, with the clients that waited for it. */
    public void dropOperation() {
        operation = null;
    }

    /** Whether the payload is held in memory. */
    public boolean holdsPayload() {
        return payload != null;
    }

    public int payloadBytes() {
        return payloadBytes;
    }

    public byte type() {
        return type;
    }

    public byte[] payload() {
        if (payload != null) {
            return payload;
        }
        try {
            return reader.read(position);
        } catch (IOException e) {
            throw new UncheckedIOException("entry " + index + " cannot be read from the log again", e);
        }
    }

    @Override
    public long getIndex() {
        return index;
    }

    @Override
    public int getTerm() {
        return term;
    }

    @Override
    public Object getOperation() {
        if (operation != null) {
            return operation;
        }
        return switch (type) {
            case Operations.BATCH -> new Operation.Batch(new LazyCommands(), List.of());
            case Operations.NEW_TERM -> new Operation.NewTerm();
            case Operations.MEMBERS -> Operations.decodeMembers(payload());
            default -> throw new WireException("unknown type of entry " + type);
        };
    }

    /** Whether it changes the membership; known without reading the payload. */
    public boolean changesMembers() {
        return type == Operations.MEMBERS;
    }

    @Override
    public String toString() {
        return "entry " + index + " of term " + term;
    }

    /**
     * The commands of an entry, read and taken apart when they are asked for: a replica looks at every entry that comes, and at all
     * its entries when it starts, for changes of members alone.
     */
    private final class LazyCommands extends AbstractList<byte[]> {
        private List<byte[]> commands;

        private List<byte[]> commands() {
            if (commands == null) {
                commands = Operations.decodeBatch(payload());
            }
            return commands;
        }

        @Override
        public byte[] get(int at) {
            return commands().get(at);
        }

        @Override
        public int size() {
            return commands().size();
        }

        /** Reads nothing: MicroRaft names the operation that failed, which may have been the reading. */
        @Override
        public String toString() {
            return "the commands of " + Entry.this;
        }
    }
}
