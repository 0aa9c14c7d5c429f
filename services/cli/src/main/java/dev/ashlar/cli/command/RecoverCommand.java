package dev.ashlar.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.cli.AshlarCommand;
import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.cli.dev.Kind;
import dev.ashlar.cli.dev.Programs;

/** {@code ashlar recover}: a backup made of the disks that a lost quorum has left. Runs the store's program, which knows the disk. */
@Command(
        name = "recover",
        header = "Make a backup of the disks of stores that do not run, after a quorum was lost for good.",
        description = {
            "The disks are not changed. Of each shard the replica that goes furthest is taken, to the end of its log. What these disks"
                    + " had not heard of is lost: writes that only other stores had acknowledged. Writes that nobody acknowledged may be in it.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ashlar recover --from /data/store-1 saved.backup",
            "  ashlar recover --from disk-a --from disk-b saved.backup   and then: ashlar restore saved.backup",
        })
public final class RecoverCommand implements Callable<Integer> {
    @ParentCommand
    private AshlarCommand root;

    @Option(
            names = "--from",
            paramLabel = "DIR",
            required = true,
            description = "Data directory of a stopped store; may be given for each disk that is left.")
    private List<Path> from;

    @Parameters(index = "0", paramLabel = "FILE", description = "Must not exist.")
    private Path file;

    @Option(names = "--native", description = "Run the native executable of the store instead of its jar.")
    private boolean nativeExecutable;

    @Override
    public Integer call() throws InterruptedException {
        Path home = Programs.home();
        Map<Kind, List<String>> programs = nativeExecutable
                ? Programs.nativeExecutables(home)
                : Programs.jars(
                        home, Programs.java(root.terminal()), root.terminal().variable("ASHLAR_DEV_JAVA_OPTS", ""));
        List<String> command = new ArrayList<>(programs.get(Kind.STORE));
        command.add("recover");
        for (Path disk : from) {
            command.addAll(List.of("--from", disk.toAbsolutePath().toString()));
        }
        command.add(file.toAbsolutePath().toString());
        ProcessBuilder process = new ProcessBuilder(command).inheritIO();
        try {
            return process.start().waitFor();
        } catch (IOException e) {
            throw new CliException(ExitCode.REFUSED, "the store's program cannot be run: " + e.getMessage());
        }
    }
}
