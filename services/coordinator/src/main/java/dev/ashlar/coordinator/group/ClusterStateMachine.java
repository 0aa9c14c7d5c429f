package dev.ashlar.coordinator.group;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import org.jboss.logging.Logger;
import org.rocksdb.RocksIterator;

import dev.ashlar.common.Limits;
import dev.ashlar.common.cluster.Event;
import dev.ashlar.coordinator.journal.Journal;
import dev.ashlar.coordinator.state.Applied;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.OperatorRecord;
import dev.ashlar.coordinator.state.ShardRecord;
import dev.ashlar.coordinator.state.StoreRecord;
import dev.ashlar.coordinator.state.Transition;
import dev.ashlar.raft.LogEntry;
import dev.ashlar.raft.state.Numbers;
import dev.ashlar.raft.state.RocksResources;
import dev.ashlar.raft.state.RocksStateMachine;

/**
 * Keeps the replicated state in memory and, row by row, in RocksDB.
 *
 * <ol>
 *   <li>Each command goes through {@link Transition}; rows of entities that changed are written, those that are gone are
 *       deleted.
 *   <li>Rows: {@code c} the numbers, {@code s} and id a store, {@code h} and number a shard, {@code o} and number an
 *       operator, {@code e} and number an event. The oldest event goes when there are more than {@code EVENTS_MAX}.
 *   <li>Readers see a new state when the turn is written, before its outcomes are told.
 * </ol>
 */
final class ClusterStateMachine extends RocksStateMachine {
    /** Of the rows below. A database with a higher one is refused. */
    static final int FORMAT = 1;

    private static final Logger LOG = Logger.getLogger(ClusterStateMachine.class);
    private static final byte[] META = {'c'};

    private final StateCodec codec = new StateCodec();
    private final Journal journal;
    private final List<Event> newEvents = new ArrayList<>();
    /** As the engine thread sees it, within a turn. */
    private ClusterState current = ClusterState.EMPTY;

    private volatile ClusterState visible = ClusterState.EMPTY;

    ClusterStateMachine(RocksResources resources, Path directory, Journal journal) throws IOException {
        super(resources, directory, FORMAT);
        this.journal = journal;
        open();
    }

    /** The state after the last turn. Any thread. */
    ClusterState state() {
        return visible;
    }

    @Override
    protected void load() throws IOException {
        newEvents.clear();
        journal.reset(List.of());
        current = walk(this::read);
    }

    private ClusterState read(RocksIterator rows) throws IOException {
        ClusterState.Meta meta = ClusterState.EMPTY.meta();
        SortedMap<String, StoreRecord> stores = new TreeMap<>();
        SortedMap<Integer, ShardRecord> shards = new TreeMap<>();
        SortedMap<Long, OperatorRecord> operators = new TreeMap<>();
        List<Event> events = new ArrayList<>();
        for (rows.seekToFirst(); rows.isValid(); rows.next()) {
            byte[] value = rows.value();
            switch (rows.key()[0]) {
                case 'c' -> meta = codec.decodeRow(value, ClusterState.Meta.class);
                case 's' -> {
                    StoreRecord store = codec.decodeRow(value, StoreRecord.class);
                    stores.put(store.id().toString(), store);
                }
                case 'h' -> {
                    ShardRecord shard = codec.decodeRow(value, ShardRecord.class);
                    shards.put(shard.shard(), shard);
                }
                case 'o' -> {
                    OperatorRecord operator = codec.decodeRow(value, OperatorRecord.class);
                    operators.put(operator.id(), operator);
                }
                case 'e' -> events.add(codec.decodeRow(value, Event.class));
                default -> {
                    // The rows of the base class, and those of a version to come that this one may ignore.
                }
            }
        }
        journal.reset(events);
        return new ClusterState(meta, stores, shards, operators);
    }

    @Override
    protected void applyEntry(LogEntry entry) {
        for (int i = 0; i < entry.commands().size(); i++) {
            Applied applied = applyOne(entry.commands().get(i));
            write(current, applied);
            current = applied.state();
            if (!entry.origins().isEmpty() && entry.origins().get(i) instanceof Proposal proposal) {
                tellAfterWrite(proposal, () -> proposal.applied(applied.outcome()));
            }
        }
    }

    private Applied applyOne(byte[] command) {
        try {
            return Transition.apply(current, codec.decodeCommand(command));
        } catch (IOException unknown) {
            // The same on every coordinator of this version; versions differ only before finalize lets new commands in.
            LOG.warnf("a command that this version does not know is ignored: %s", firstLine(unknown));
            return new Applied(
                    current, List.of(), new Applied.Outcome.Refused("this version does not know the command"));
        }
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private void write(ClusterState before, Applied applied) {
        ClusterState after = applied.state();
        if (applied.outcome() instanceof Applied.Outcome.Refused) {
            return;
        }
        if (!after.meta().equals(before.meta())) {
            put(META, codec.encodeRow(after.meta()));
        }
        writeRows('s', before.stores(), after.stores());
        writeRows('h', before.shards(), after.shards());
        writeRows('o', before.operators(), after.operators());
        for (Event event : applied.events()) {
            put(eventKey(event.id()), codec.encodeRow(event));
            if (event.id() > Limits.EVENTS_MAX) {
                delete(eventKey(event.id() - Limits.EVENTS_MAX));
            }
        }
        newEvents.addAll(applied.events());
    }

    private <K> void writeRows(char kind, Map<K, ?> before, Map<K, ?> after) {
        after.forEach((id, row) -> {
            // An entity that a command did not touch is the same object.
            if (before.get(id) != row) {
                put(key(kind, id), codec.encodeRow(row));
            }
        });
        before.keySet().stream().filter(id -> !after.containsKey(id)).forEach(id -> delete(key(kind, id)));
    }

    private static byte[] key(char kind, Object id) {
        return (kind + id.toString()).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] eventKey(long id) {
        byte[] number = Numbers.toBytes(id);
        byte[] key = new byte[number.length + 1];
        key[0] = 'e';
        System.arraycopy(number, 0, key, 1, number.length);
        return key;
    }

    @Override
    protected void beforeWrite() {
        // Every row is in the batch already.
    }

    @Override
    protected void afterWrite() {
        visible = current;
        journal.append(newEvents);
        newEvents.clear();
    }
}
