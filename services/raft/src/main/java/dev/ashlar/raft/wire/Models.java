package dev.ashlar.raft.wire;

import io.microraft.model.impl.DefaultRaftModelFactory;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.LogEntry.LogEntryBuilder;

/** MicroRaft's own message classes, and our log entries. */
public final class Models extends DefaultRaftModelFactory {
    @Override
    public LogEntryBuilder createLogEntryBuilder() {
        return new Builder();
    }

    private static final class Builder implements LogEntryBuilder {
        private long index;
        private int term;
        private Object operation;

        @Override
        public LogEntryBuilder setIndex(long value) {
            index = value;
            return this;
        }

        @Override
        public LogEntryBuilder setTerm(int value) {
            term = value;
            return this;
        }

        @Override
        public LogEntryBuilder setOperation(Object value) {
            operation = value;
            return this;
        }

        @Override
        public LogEntry build() {
            return new Entry(index, term, operation);
        }
    }
}
