package dev.ashlar.raft;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A snapshot as files that can be streamed. {@link #close()} deletes them. */
public interface SnapshotFiles extends AutoCloseable {
    /** The applied index that the files contain. */
    long index();

    /** Where the files are. */
    Path directory();

    /** The files, as plain names below {@link #directory()}. */
    List<String> names() throws IOException;

    @Override
    void close() throws IOException;
}
