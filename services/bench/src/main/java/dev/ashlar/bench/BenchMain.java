package dev.ashlar.bench;

import picocli.CommandLine;

/** Starts {@link BenchCommand} by itself, for the Makefile. */
public final class BenchMain {
    private BenchMain() {}

    /** Ends with 0 when the figures stand, 2 for wrong arguments, 1 for anything else. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    private static CommandLine commandLine() {
        return new CommandLine(new BenchCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    System.err.println("bench: " + failure.getMessage());
                    if (failure.getCause() != null) {
                        failure.getCause().printStackTrace();
                    }
                    return 1;
                });
    }
}
