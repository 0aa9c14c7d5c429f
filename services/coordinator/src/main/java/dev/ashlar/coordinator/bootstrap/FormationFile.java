package dev.ashlar.coordinator.bootstrap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.ashlar.common.StoreId;

/**
 * The file {@code formation} of the data directory: the group, whether its log was ever started here, and how often the
 * process has. Each write is whole or not at all, and on the disk when it returns. One thread.
 */
public final class FormationFile {
    private static final String NAME = "formation";

    /**
     * What the file says.
     *
     * @param started whether the group ran on this disk: from then on a disk without its log is damaged, not new (S5)
     * @param incarnation of the last start of the process, 0 for none
     */
    public record Content(Optional<Formation> formation, boolean started, long incarnation) {
        public Content withFormation(Formation formed) {
            return new Content(Optional.of(formed), started, incarnation);
        }

        public Content asStarted() {
            return new Content(formation, true, incarnation);
        }

        public Content withIncarnation(long next) {
            return new Content(formation, started, next);
        }
    }

    private final Path directory;

    public FormationFile(Path directory) {
        this.directory = directory;
    }

    /**
     * What the file says; nothing when there is none.
     *
     * @throws IOException when it cannot be read or says nonsense
     */
    public Content read() throws IOException {
        Path file = directory.resolve(NAME);
        Map<String, String> lines = new TreeMap<>();
        try {
            for (String line :
                    Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList()) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    lines.put(line.substring(0, equals), line.substring(equals + 1));
                }
            }
        } catch (NoSuchFileException none) {
            return new Content(Optional.empty(), false, 0);
        }
        try {
            String clusterId = lines.getOrDefault("cluster_id", "");
            List<String> members = List.of(lines.getOrDefault("members", "").split(",")).stream()
                    .filter(member -> !member.isEmpty())
                    .map(member -> StoreId.parse(member).toString())
                    .toList();
            Optional<Formation> formation = clusterId.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new Formation(clusterId, members, Long.parseLong(lines.getOrDefault("joined_as", "0"))));
            return new Content(
                    formation,
                    Boolean.parseBoolean(lines.get("started")),
                    Long.parseLong(lines.getOrDefault("incarnation", "")));
        } catch (IllegalArgumentException damaged) {
            throw new IOException("file " + file + " is damaged: " + damaged.getMessage()
                    + ". Restore it, or empty the data directory to start with a new disk id");
        }
    }

    /** Replaces what the file says. */
    public void write(Content content) throws IOException {
        StringBuilder text =
                new StringBuilder("incarnation=").append(content.incarnation()).append('\n');
        content.formation().ifPresent(formation -> text.append("cluster_id=")
                .append(formation.clusterId())
                .append("\nmembers=")
                .append(String.join(",", formation.members()))
                .append("\njoined_as=")
                .append(formation.joinedAs())
                .append("\nstarted=")
                .append(content.started())
                .append('\n'));
        Path written = directory.resolve(NAME + ".new");
        try (FileChannel out = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(written, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
            parent.force(true);
        }
    }
}
