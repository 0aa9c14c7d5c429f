package dev.ashlar.store.membership;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** {@code map.json} in the data directory: written beside and renamed, so that it is always whole. One thread. */
final class MapFile {
    private final Path path;
    private final ObjectMapper json;

    MapFile(Path dataDir, ObjectMapper json) {
        this.path = dataDir.resolve("map.json");
        this.json = json;
    }

    /** What was written last; an empty state when nothing was. */
    MapState read() throws IOException {
        try {
            return json.readValue(Files.readAllBytes(path), MapState.class);
        } catch (NoSuchFileException none) {
            return MapState.EMPTY;
        } catch (JsonProcessingException damaged) {
            throw new IOException(
                    path + " is damaged (" + damaged.getOriginalMessage() + "). Delete it: it is fetched again",
                    damaged);
        }
    }

    void write(MapState state) throws IOException {
        Path written = path.resolveSibling("map.json.new");
        try (FileChannel out = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(json.writeValueAsBytes(state));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(written, path, StandardCopyOption.ATOMIC_MOVE);
    }
}
