package dev.ashlar.bench.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds an etcd: what {@code ETCD} names, else the first on the PATH. */
public final class EtcdBinary {
    private EtcdBinary() {}

    /** The binary, when there is one. */
    public static Optional<Path> find() {
        return Stream.concat(
                        Stream.ofNullable(System.getenv("ETCD")).filter(s -> !s.isBlank()),
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                                .map(dir -> dir + "/etcd"))
                .map(Path::of)
                .filter(Files::isExecutable)
                .map(Path::toAbsolutePath)
                .findFirst();
    }
}
