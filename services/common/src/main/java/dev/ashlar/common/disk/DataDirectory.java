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
 *       is refused, and so is a format that is newer than {@link #FORMAT}. Nothing is changed then.
 * </ol>
 */
public final class DataDirectory implements AutoCloseable {
    /** The newest format this version reads, and the one it writes. */
    public static final int FORMAT = 1;

    private static final String LOCK = "lock";
    private static final String DISK = "disk";
    private static final String DISK_NEW = "disk.new";
    // What a freshly made file system brings along.
    private static final String LOST_AND_FOUND = "lost+found";
    private static final int DISK_ID_BYTES = 8;

    private final Path path;
    private final String diskId;
    private final FileChannel lockFile;

    private DataDirectory(Path path, String diskId, FileChannel lockFile) {
        this.path = path;
        this.diskId = diskId;
        this.lockFile = lockFile;
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
            return new DataDirectory(path, diskId(path), lockFile);
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

    private static String diskId(Path path) throws IOException {
        Path file = path.resolve(DISK);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            refuseStrangers(path);
            return createDisk(path, file);
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
        checkFormat(path, lines.getOrDefault("format", ""));
        String diskId = lines.getOrDefault("disk_id", "");
        if (!diskId.matches("[0-9a-f]{16}")) {
            throw new StartRefusedException("file " + file + " is damaged: it has no valid disk_id");
        }
        return diskId;
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

    private static void checkFormat(Path path, String text) {
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new StartRefusedException("file " + path.resolve(DISK) + " is damaged: it has no valid format");
        }
        int format = Integer.parseInt(text);
        if (format > FORMAT) {
            throw new StartRefusedException("data directory " + path + " has format " + format
                    + ", this version reads formats up to " + FORMAT
                    + ": it was written by a newer version. Run that version, nothing was changed");
        }
    }

    private static String createDisk(Path path, Path file) throws IOException {
        byte[] random = new byte[DISK_ID_BYTES];
        new SecureRandom().nextBytes(random);
        String diskId = HexFormat.of().formatHex(random);
        Path written = path.resolve(DISK_NEW);
        try (FileChannel out = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer text = ByteBuffer.wrap(
                    ("format=" + FORMAT + "\ndisk_id=" + diskId + "\n").getBytes(StandardCharsets.UTF_8));
            while (text.hasRemaining()) {
                out.write(text);
            }
            out.force(true);
        }
        // The rename is the moment from which the disk has an identity: a crash before it leaves an empty directory.
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(path, StandardOpenOption.READ)) {
            directory.force(true);
        }
        return diskId;
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
