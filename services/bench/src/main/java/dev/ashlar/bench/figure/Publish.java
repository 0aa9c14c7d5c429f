package dev.ashlar.bench.figure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code publish}: a table that a test has measured goes into the page like the figures of this program. */
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        description = "Put a table that another run has written into the page.")
public final class Publish implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FIGURE", description = "Name of the markers, such as operations.")
    String figure;

    @Parameters(index = "1", paramLabel = "FILE", description = "Markdown.")
    Path file;

    @Mixin
    Scene scene;

    @Override
    public Integer call() throws IOException {
        scene.publish(scene.json(figure), Files.readString(file));
        return 0;
    }
}
