package dev.ashlar.cli.dev;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One process to run: its command line, what it adds to the environment, where its data and its output go. */
public record ProcessSpec(
        Kind kind,
        String name,
        Ports ports,
        List<String> command,
        Map<String, String> environment,
        Path data,
        Path log) {}
