package dev.ashlar.common.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The memory limit of the control group that the process runs in: beyond it the kernel kills the process.
 *
 * <ol>
 *   <li>Read {@code /proc/self/cgroup}: the line {@code 0::PATH} is version 2, a line with the controller {@code memory}
 *       version 1.
 *   <li>Look for a limit in the group and in every group above it: the smallest counts. In a container the path may be
 *       the host's while only the own group is mounted, so directories that are not there are passed over.
 *   <li>Version 1 says "no limit" with a number near the largest long: what is above {@value #NO_LIMIT} is none.
 * </ol>
 */
public final class ContainerMemory {
    private static final long NO_LIMIT = 1L << 50;
    private static final Path SELF = Path.of("/proc/self/cgroup");
    private static final Path MOUNT = Path.of("/sys/fs/cgroup");

    private ContainerMemory() {}

    /** The limit in bytes; empty when there is none, or none that can be read. */
    public static OptionalLong limitBytes() {
        return limitBytes(SELF, MOUNT);
    }

    static OptionalLong limitBytes(Path self, Path mount) {
        long least = NO_LIMIT;
        try {
            for (String line : Files.readAllLines(self)) {
                List<String> fields = List.of(line.split(":", 3));
                if (fields.size() == 3 && fields.get(1).isEmpty()) {
                    least = Math.min(least, least(mount, fields.get(2), "memory.max"));
                } else if (fields.size() == 3
                        && List.of(fields.get(1).split(",", -1)).contains("memory")) {
                    least = Math.min(least, least(mount.resolve("memory"), fields.get(2), "memory.limit_in_bytes"));
                }
            }
        } catch (IOException noControlGroups) {
            return OptionalLong.empty();
        }
        return least == NO_LIMIT ? OptionalLong.empty() : OptionalLong.of(least);
    }

    private static long least(Path mount, String group, String file) {
        long least = NO_LIMIT;
        Path path = mount.resolve(group.substring(Math.min(1, group.length()))).normalize();
        while (path.startsWith(mount) && !path.equals(mount)) {
            least = Math.min(least, read(path.resolve(file)));
            path = path.getParent();
        }
        return Math.min(least, read(mount.resolve(file)));
    }

    private static long read(Path file) {
        try {
            String text = Files.readString(file).strip();
            return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : NO_LIMIT;
        } catch (IOException notThere) {
            return NO_LIMIT;
        }
    }
}
