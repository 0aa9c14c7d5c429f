package dev.ashlar.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Markdown page of which a program writes only the parts between its markers, {@code <!-- name:begin -->} and {@code <!--
 * name:end -->}; what people wrote around them stays.
 */
public final class MarkedPage {
    private MarkedPage() {}

    /** {@code page} with the part {@code name} replaced, or appended when the page has no such markers. */
    public static String replace(String page, String name, String content) {
        String begin = "<!-- " + name + ":begin -->";
        String end = "<!-- " + name + ":end -->";
        String part = begin + "\n" + content.strip() + "\n" + end;
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        if (from < 0 || to < from) {
            return page.isBlank() ? part + "\n" : page.stripTrailing() + "\n\n" + part + "\n";
        }
        return page.substring(0, from) + part + page.substring(to + end.length());
    }

    /** Replaces the part in a file; creates the file when it is missing. */
    public static void write(Path file, String name, String content) throws IOException {
        String page = Files.exists(file) ? Files.readString(file) : "# Benchmarks\n";
        if (file.getParent() != null) {
            Files.createDirectories(file.getParent());
        }
        Files.writeString(file, replace(page, name, content));
    }
}
