package dev.ashlar.raft.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A disk that remembers what each sector held before the writes that no sync has followed yet, so that a power cut can take back any of
 * them. Syncs cost nothing here.
 */
class PowerCutDisk extends Disk {
    static final int SECTOR_BYTES = 512;

    private final Map<Path, TreeMap<Long, byte[]>> unsynced = new HashMap<>();
    private final boolean forgetful;
    private boolean off;
    private boolean offAtForce;
    volatile long usable = Long.MAX_VALUE;

    PowerCutDisk() {
        this(false);
    }

    /** A forgetful one does not sync: the planted bug. */
    PowerCutDisk(boolean forgetful) {
        this.forgetful = forgetful;
    }

    @Override
    long usableBytes(Path dir) {
        return usable;
    }

    @Override
    synchronized void write(Path file, FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        checkOn();
        TreeMap<Long, byte[]> before = unsynced.computeIfAbsent(file, path -> new TreeMap<>());
        long end = at + bytes.remaining();
        for (long sector = at / SECTOR_BYTES; sector * SECTOR_BYTES < end; sector++) {
            if (!before.containsKey(sector)) {
                ByteBuffer old = ByteBuffer.allocate(SECTOR_BYTES);
                channel.read(old, sector * SECTOR_BYTES);
                before.put(sector, old.array());
            }
        }
        super.write(file, channel, bytes, at);
    }

    @Override
    synchronized void force(Path file, FileChannel channel, boolean metadata) throws IOException {
        if (offAtForce && file.toString().endsWith(".wal")) {
            off = true;
        }
        checkOn();
        if (!forgetful || file.toString().endsWith(".tmp")) {
            unsynced.remove(file);
        }
    }

    @Override
    synchronized void forceDirectory(Path dir) throws IOException {
        checkOn();
    }

    /** The power goes after the next batch has been written and before it is synced. */
    synchronized void turnOffAtForce() {
        offAtForce = true;
    }

    /** From now on nothing reaches the disk. */
    synchronized void turnOff() {
        off = true;
    }

    /** Takes back unsynced sectors, each by the toss of a coin, and turns the power on again. */
    synchronized void turnOn(Random random) throws IOException {
        for (Map.Entry<Path, TreeMap<Long, byte[]>> file : unsynced.entrySet()) {
            if (Files.exists(file.getKey())) {
                int odds = random.nextInt(4);
                try (FileChannel channel = FileChannel.open(file.getKey(), StandardOpenOption.WRITE)) {
                    for (Map.Entry<Long, byte[]> sector : file.getValue().entrySet()) {
                        if (random.nextInt(4) < odds) {
                            channel.write(ByteBuffer.wrap(sector.getValue()), sector.getKey() * SECTOR_BYTES);
                        }
                    }
                }
            }
        }
        unsynced.clear();
        off = false;
        offAtForce = false;
    }

    private void checkOn() throws IOException {
        if (off) {
            throw new IOException("the power is off");
        }
    }
}
