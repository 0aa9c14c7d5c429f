package dev.ashlar.store.backup;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ashlar.common.backup.BackupHeader;
import dev.ashlar.common.backup.BackupWriter;
import dev.ashlar.common.backup.ShardSummary;
import dev.ashlar.common.disk.DataDirectory;
import dev.ashlar.raft.Member;
import dev.ashlar.raft.engine.OfflineReplay;
import dev.ashlar.raft.state.RocksResources;
import dev.ashlar.store.kv.KvStateMachine;
import dev.ashlar.store.kv.KvView;
import dev.ashlar.store.kv.RecentMetas;
import dev.ashlar.store.membership.MapState;

/**
 * Makes a backup of the disks that a lost quorum has left (docs/operations/quorum-loss.md).
 *
 * <ol>
 *   <li>Each disk is locked, so that no store runs on it, and copied beside the output: tables as hard links where the file system
 *       can, the rest byte by byte. The disks are not changed.
 *   <li>Of each shard the replica whose log goes furthest is taken; its state is brought to the end of its log.
 *   <li>A shard that is on none of the disks, or whose furthest replica is damaged, ends it: nothing is written then.
 * </ol>
 */
public final class Recovery {
    private static final long CACHE_BYTES = 32L << 20;

    private record Disk(Path copy, MapState map, OfflineReplay replay) {}

    private record Best(Disk disk, Member replica, OfflineReplay.Tail tail) {}

    private final ObjectMapper json;
    private final String version;
    private final Consumer<String> progress;

    /** @param progress told a line for each shard, and what else a person should know */
    public Recovery(ObjectMapper json, String version, Consumer<String> progress) {
        this.json = json;
        this.version = version;
        this.progress = progress;
    }

    /**
     * Writes the backup. Blocks.
     *
     * @param disks data directories of stores that do not run
     * @param output must not exist
     * @throws IOException says what is wrong; the output does not exist then
     */
    public List<ShardSummary> run(List<Path> disks, Path output) throws IOException {
        if (Files.exists(output)) {
            throw new IOException(output + " exists already; nothing was done");
        }
        Path parent = output.toAbsolutePath().getParent();
        Path scratch = Files.createTempDirectory(parent, "recover-");
        List<DataDirectory> locked = new ArrayList<>();
        List<Disk> opened = new ArrayList<>();
        try (RocksResources resources = new RocksResources(RocksResources.Budget.of(CACHE_BYTES, CACHE_BYTES))) {
            try {
                for (int i = 0; i < disks.size(); i++) {
                    opened.add(open(disks.get(i), scratch.resolve("disk-" + i), locked));
                }
                return write(opened, resources, output);
            } finally {
                for (Disk disk : opened) {
                    disk.replay().close();
                }
                locked.forEach(DataDirectory::close);
            }
        } finally {
            deleteTree(scratch);
        }
    }

    private Disk open(Path directory, Path copy, List<DataDirectory> locked) throws IOException {
        if (!Files.isDirectory(directory.resolve("wal")) || !Files.isDirectory(directory.resolve("shards"))) {
            throw new IOException(directory + " is not the data directory of a store: it has no wal/ and shards/");
        }
        locked.add(DataDirectory.open(directory));
        progress.accept("copying " + directory);
        copyTree(directory.resolve("wal"), copy.resolve("wal"));
        copyTree(directory.resolve("shards"), copy.resolve("shards"));
        Path mapFile = directory.resolve("map.json");
        if (!Files.exists(mapFile)) {
            throw new IOException(directory + " has no map.json: this store was never registered");
        }
        MapState map = json.readValue(Files.readAllBytes(mapFile), MapState.class);
        return new Disk(copy, map, OfflineReplay.open(copy.resolve("wal")));
    }

    private List<ShardSummary> write(List<Disk> disks, RocksResources resources, Path output) throws IOException {
        MapState map = disks.getFirst().map();
        for (Disk disk : disks) {
            if (!disk.map().clusterId().equals(map.clusterId()) || disk.map().shards() != map.shards()) {
                throw new IOException("the disks are of different clusters: " + map.clusterId() + " and "
                        + disk.map().clusterId());
            }
        }
        Map<Integer, List<Best>> found = candidates(disks);
        List<Integer> missing = Stream.iterate(0, shard -> shard < map.shards(), shard -> shard + 1)
                .filter(shard -> !found.containsKey(shard))
                .toList();
        if (map.shards() == 0 || !missing.isEmpty()) {
            throw new IOException("shards " + missing + " of " + map.shards()
                    + " are on none of these disks: name further disks with --from; nothing was written");
        }
        Path part = output.resolveSibling(output.getFileName() + ".part");
        try {
            List<ShardSummary> summaries;
            try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(part), 1 << 20)) {
                BackupWriter backup = new BackupWriter(
                        file, new BackupHeader(map.clusterId(), System.currentTimeMillis(), version, map.shards()));
                for (int shard = 0; shard < map.shards(); shard++) {
                    shard(shard, found.get(shard), resources, backup);
                }
                summaries = backup.finish();
            }
            try (FileChannel synced = FileChannel.open(part, StandardOpenOption.WRITE)) {
                synced.force(true);
            }
            Files.move(part, output, StandardCopyOption.ATOMIC_MOVE);
            return summaries;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Of each shard the replicas on the disks, the one that goes furthest first. */
    private static Map<Integer, List<Best>> candidates(List<Disk> disks) {
        Map<Integer, List<Best>> found = new TreeMap<>();
        for (Disk disk : disks) {
            disk.replay().replicas().forEach((shard, replica) -> found.computeIfAbsent(shard, none -> new ArrayList<>())
                    .add(new Best(disk, replica, disk.replay().tail(shard))));
        }
        found.values()
                .forEach(list -> list.sort(Comparator.comparing(Best::tail).reversed()));
        return found;
    }

    private void shard(int shard, List<Best> candidates, RocksResources resources, BackupWriter backup)
            throws IOException {
        Best best = candidates.getFirst();
        Path state = best.disk()
                .copy()
                .resolve("shards")
                .resolve(shard + "-" + best.replica().replicaId());
        if (!Files.isDirectory(state)) {
            throw new IOException("shard " + shard + ": the log knows a replica whose state is missing");
        }
        KvStateMachine machine = KvStateMachine.open(resources, new RecentMetas(), state);
        try {
            long replayed = best.disk().replay().replay(shard, machine);
            try (KvView view = machine.view()) {
                ShardSummary summary = backup.shard(out -> ShardExport.write(view, shard, out));
                progress.accept("shard " + shard + ": " + summary.items() + " keys at revision " + summary.revision()
                        + ", from " + best.replica().nodeId() + ", log end "
                        + best.tail().index() + " of term "
                        + best.tail().term() + ", " + replayed + " entries replayed");
            }
        } finally {
            machine.close();
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Path target = to.resolve(from.relativize(path).toString());
                String name = path.getFileName().toString();
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else if (name.endsWith(".sst")) {
                    link(path, target);
                } else if (!name.equals("LOCK")) {
                    Files.copy(path, target);
                }
            }
        }
    }

    /** Tables never change once they are written. */
    private static void link(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (IOException | UnsupportedOperationException otherFileSystem) {
            Files.copy(from, to);
        }
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
