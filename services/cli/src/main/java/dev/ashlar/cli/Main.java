package dev.ashlar.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

import picocli.CommandLine;

import dev.ashlar.client.error.AshlarException;

/** The `ashlar` command. Also callable in-process by {@link #run}, which never ends the JVM. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(run(Terminal.ofProcess(), args));
    }

    /** Runs one command line and returns its exit code ({@link ExitCode}). */
    public static int run(Terminal terminal, String... args) {
        int exit = commandLine(terminal).execute(args);
        terminal.out().flush();
        terminal.err().flush();
        return exit;
    }

    static CommandLine commandLine(Terminal terminal) {
        CommandLine line = new CommandLine(new AshlarCommand(terminal));
        // "@file" is the value of put here, not a file of arguments.
        line.setExpandAtFiles(false);
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpLongOptionsMaxWidth(30);
        line.setUsageHelpWidth(110);
        line.setExecutionExceptionHandler((failure, command, parsed) -> report(terminal, failure));
        return line;
    }

    private static int report(Terminal terminal, Exception failure) throws Exception {
        if (failure instanceof AshlarException refused) {
            return tell(terminal, Advice.of(refused));
        }
        if (failure instanceof CliException told) {
            return tell(terminal, told);
        }
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return ExitCode.UNREACHABLE.number();
        }
        throw failure;
    }

    private static int tell(Terminal terminal, CliException told) {
        terminal.err().println("ashlar: " + told.getMessage());
        return told.exit().number();
    }
}
