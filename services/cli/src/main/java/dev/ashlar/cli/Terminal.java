package dev.ashlar.cli;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * Everything a command reads from and writes to besides the network, so that a test can be the terminal.
 *
 * @param interactive whether a person sits at both ends: then a value ends with a line break on the screen, and standard
 *     input is not waited for
 */
public record Terminal(InputStream in, PrintStream out, PrintStream err, Map<String, String> env, boolean interactive) {
    /** The terminal of this process. JDK 25 again answers null where there is none. */
    @SuppressWarnings("SystemConsoleNull")
    public static Terminal ofProcess() {
        Console console = System.console();
        return new Terminal(
                System.in, System.out, System.err, System.getenv(), console != null && console.isTerminal());
    }

    /** A variable of the environment; an empty one counts as not set. */
    public String variable(String name, String otherwise) {
        String value = env.get(name);
        return value == null || value.isBlank() ? otherwise : value.strip();
    }
}
