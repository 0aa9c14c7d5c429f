package dev.ashlar.common.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The data directory of a process.
 *
 * <ol>
 *   <li>Creates the directory when only its last part is missing: a whole path that is missing is a volume that was not
 *       mounted, and starting empty there would give the process up for lost (S5).
 *   <li>Takes an exclusive lock on the file {@code lock}, so that no second process uses the same disk.
 *   <li>Reads {@code disk}: the format version and the disk id. An empty directory gets a new one; data without the file
 *       is refused, and so is a format that is newer than {@link #newestFormat()}. Nothing is changed then.
 *   <li>A new directory begins with {@link #FORMAT_AT_FIRST}, which the version before this one reads as well: the format is
 *       raised when the cluster is finalized, and there is no way back from then on.
 * </ol>
 */
public final class DataDirectory implements AutoCloseable {
    /** The newest format this version reads. */
    public static final int FORMAT = 1;

    /** The format of a new directory. */
    public static final int FORMAT_AT_FIRST = 1;

    /** A system property with which a test makes this build pretend that it is a later one. */
    private static final String PRETENDED = "dev.ashlar.pretended-format";

    private static final String LOCK = "lock";
    private static final String DISK = "disk";
    private static final String DISK_NEW = "disk.new";
    // What a freshly made file system brings along.
    private static final String LOST_AND_FOUND = "lost+found";
    private static final int DISK_ID_BYTES = 8;

    private final Path path;
    private final String diskId;
    private final FileChannel lockFile;
    private int format;

    private DataDirectory(Path path, Disk disk, FileChannel lockFile) {
        this.path = path;
        this.diskId = disk.id();
        this.format = disk.format();
        this.lockFile = lockFile;
    }

    private record Disk(int format, String id) {}

    /** The newest format this process reads: {@link #FORMAT}, unless a test has it pretend that it is a later version. */
    public static int newestFormat() {
        return Integer.getInteger(PRETENDED, FORMAT);
    }

    /**
     * Opens it and holds its lock until {@link #close()} or the end of the process.
     *
     * @throws StartRefusedException when it cannot be used; the message says why and what can be done
     */
    public static DataDirectory open(Path path) {
        FileChannel lockFile = null;
        try {
            create(path);
            lockFile = lock(path);
            return new DataDirectory(path, disk(path), lockFile);
        } catch (StartRefusedException e) {
            close(lockFile);
            throw e;
        } catch (IOException e) {
            close(lockFile);
            throw unusable(path, e);
        }
    }

    public Path path() {
        return path;
    }

    /** 16 hexadecimal digits, made with the directory. */
    public String diskId() {
        return diskId;
    }

    /**
     * What tells this directory from a copy of it: the file that holds the lock, by its number in the file system and the
     * moment it was made. It stays the same for as long as the volume is the same, wherever it is mounted. A copy made block
     * by block cannot be told.
     *
     * @throws IOException when the file system does not tell
     */
    public String mark() throws IOException {
        Path file = path.resolve(LOCK);
        try {
            return Files.getAttribute(file, "unix:ino") + "@" + Files.getAttribute(file, "creationTime");
        } catch (UnsupportedOperationException | IllegalArgumentException untold) {
            throw new IOException("the file system does not tell the number of a file", untold);
        }
    }

    /** The format of what is in it. */
    public synchronized int format() {
        return format;
    }

    /**
     * Notes that the data may be of this format from now on: a version that does not read it refuses the directory. Does
     * nothing when it is no higher than the present one.
     *
     * @throws IOException when it cannot be written; the format is the one before then
     */
    public synchronized void raiseFormat(int to) throws IOException {
        if (to > newestFormat()) {
            throw new IOException(
                    "format " + to + " is newer than " + newestFormat() + ", the newest that this version" + " reads");
        }
        if (to > format) {
            write(path, new Disk(to, diskId));
            format = to;
        }
    }

    /** Gives the lock back. */
    @Override
    public void close() {
        close(lockFile);
    }

    private static void create(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        if (Files.exists(path)) {
            throw new StartRefusedException("data directory " + path + " is not a directory");
        }
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            throw new StartRefusedException("data directory " + path + " does not exist, nor does " + parent
                    + ": is the volume mounted? Set ASHLAR_DATA_DIR or create it");
        }
        Files.createDirectory(path);
    }

    private static FileChannel lock(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException sameProcess) {
            // Told below, like a lock of another process.
        }
        channel.close();
        throw new StartRefusedException("data directory " + path + " is in use by another process");
    }

    private static Disk disk(Path path) throws IOException {
        Path file = path.resolve(DISK);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            refuseStrangers(path);
            return createDisk(path);
        }
        Map<String, String> lines = new TreeMap<>();
        // Latin-1 takes any bytes: a damaged file is to be told by what it lacks.
        for (String line :
                Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList()) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                lines.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        int format = checkFormat(path, lines.getOrDefault("format", ""));
        String diskId = lines.getOrDefault("disk_id", "");
        if (!diskId.matches("[0-9a-f]{16}")) {
            throw new StartRefusedException("file " + file + " is damaged: it has no valid disk_id");
        }
        return new Disk(format, diskId);
    }

    private static void refuseStrangers(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            var stranger = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(LOCK) && !name.equals(DISK_NEW) && !name.equals(LOST_AND_FOUND))
                    .sorted()
                    .findFirst();
            if (stranger.isPresent()) {
                throw new StartRefusedException("data directory " + path + " holds '" + stranger.get()
                        + "' but no file '" + DISK + "': it is damaged, or not ours. Restore the file, or empty the"
                        + " directory to start with a new disk id");
            }
        }
    }

    private static int checkFormat(Path path, String text) {
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new StartRefusedException("file " + path.resolve(DISK) + " is damaged: it has no valid format");
        }
        int format = Integer.parseInt(text);
        if (format > newestFormat()) {
            throw new StartRefusedException("data directory " + path + " has format " + format
                    + ", this version reads formats up to " + newestFormat()
                    + ": it was written by a newer version. Run that version, nothing was changed");
        }
        return format;
    }

    private static Disk createDisk(Path path) throws IOException {
        byte[] random = new byte[DISK_ID_BYTES];
        new SecureRandom().nextBytes(random);
        Disk disk = new Disk(FORMAT_AT_FIRST, HexFormat.of().formatHex(random));
        write(path, disk);
        return disk;
    }

    private static void write(Path path, Disk disk) throws IOException {
        Path written = path.resolve(DISK_NEW);
        try (FileChannel out = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer text = ByteBuffer.wrap(
                    ("format=" + disk.format() + "\ndisk_id=" + disk.id() + "\n").getBytes(StandardCharsets.UTF_8));
            while (text.hasRemaining()) {
                out.write(text);
            }
            out.force(true);
        }
        // The rename is the moment from which the disk has an identity: a crash before it leaves an empty directory.
        Files.move(written, path.resolve(DISK), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(path, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static StartRefusedException unusable(Path path, IOException e) {
        String why =
                switch (e) {
                    case AccessDeniedException denied -> "access is denied to user " + System.getProperty("user.name");
                    case NoSuchFileException missing -> missing.getFile() + " is missing";
                    default -> String.valueOf(e.getMessage());
                };
        return new StartRefusedException("data directory " + path + " cannot be used: " + why);
    }

    private static void close(FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // The lock ends with the process in any case.
            }
        }
    }
}
