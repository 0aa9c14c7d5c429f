package dev.ashlar.common.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ContainerMemoryTest {
    @TempDir
    private Path dir;

    @Test
    void aContainerSeesItsOwnGroupAtTheMount() throws IOException {
        write("cgroup", "0::/\n");
        write("mount/memory.max", "805306368\n");
        assertThat(limit()).hasValue(768L << 20);
    }

    @Test
    void theSmallestLimitOfTheGroupsAboveCounts() throws IOException {
        write("cgroup", "0::/pods/pod-1/store\n");
        write("mount/pods/memory.max", "4000000000\n");
        write("mount/pods/pod-1/memory.max", "1000000000\n");
        write("mount/pods/pod-1/store/memory.max", "max\n");
        assertThat(limit()).hasValue(1_000_000_000);
    }

    @Test
    void aPathOfTheHostThatIsNotMountedIsPassedOver() throws IOException {
        write("cgroup", "0::/../../kubepods/pod-1/store\n");
        write("mount/memory.max", "805306368\n");
        assertThat(limit()).hasValue(768L << 20);
        write("cgroup", "0::/kubepods/pod-1/store\n");
        assertThat(limit()).hasValue(768L << 20);
    }

    @Test
    void versionOneAndItsWayToSayNoLimit() throws IOException {
        write("cgroup", "9:memory:/pod-1\n1:name=systemd:/\n");
        write("mount/memory/memory.limit_in_bytes", "9223372036854771712\n");
        assertThat(limit()).isEmpty();
        write("mount/memory/pod-1/memory.limit_in_bytes", "805306368\n");
        assertThat(limit()).hasValue(768L << 20);
    }

    @Test
    void noLimitAndNoControlGroups() throws IOException {
        assertThat(limit()).isEmpty();
        write("cgroup", "0::/\nnonsense\n");
        assertThat(limit()).isEmpty();
        write("mount/memory.max", "max\n");
        assertThat(limit()).isEmpty();
    }

    @Test
    void thisProcessHasALimitOrNone() {
        assertThat(ContainerMemory.limitBytes().orElse(1L << 40)).isGreaterThan(1 << 20);
    }

    private OptionalLong limit() {
        return ContainerMemory.limitBytes(dir.resolve("cgroup"), dir.resolve("mount"));
    }

    private void write(String name, String text) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
