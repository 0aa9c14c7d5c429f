package dev.ashlar.bench.report;

import java.util.List;

/** A Markdown table whose columns line up in plain text too: the first column to the left, numbers to the right. */
public final class Markdown {
    private Markdown() {}

    /** Every row must have as many cells as {@code head}. Ends with a newline. */
    public static String table(List<String> head, List<List<String>> rows) {
        int[] widths = new int[head.size()];
        measure(head, widths);
        rows.forEach(row -> measure(row, widths));
        StringBuilder out = new StringBuilder();
        row(head, widths, out);
        for (int i = 0; i < widths.length; i++) {
            out.append(i == 0 ? "|:" : "|-").append("-".repeat(widths[i])).append(i == 0 ? '-' : ':');
        }
        out.append("|\n");
        rows.forEach(row -> row(row, widths, out));
        return out.toString();
    }

    private static void measure(List<String> row, int[] widths) {
        if (row.size() != widths.length) {
            throw new IllegalArgumentException("a row of " + row.size() + " cells in a table of " + widths.length);
        }
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], row.get(i).length());
        }
    }

    private static void row(List<String> row, int[] widths, StringBuilder out) {
        for (int i = 0; i < widths.length; i++) {
            String pad = " ".repeat(widths[i] - row.get(i).length());
            out.append("| ")
                    .append(i == 0 ? row.get(i) + pad : pad + row.get(i))
                    .append(' ');
        }
        out.append("|\n");
    }
}
