package dev.ashlar.cli.output;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Columns that are as wide as their widest cell, two spaces apart, without lines. Not for more rows than fit in memory. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    public Table(List<String> header) {
        rows.add(List.copyOf(header));
    }

    public Table(String... header) {
        this(List.of(header));
    }

    public Table row(List<String> cells) {
        if (cells.size() != rows.getFirst().size()) {
            throw new IllegalArgumentException("a row of " + cells.size() + " cells in a table of "
                    + rows.getFirst().size() + " columns");
        }
        rows.add(List.copyOf(cells));
        return this;
    }

    public Table row(String... cells) {
        return row(List.of(cells));
    }

    public void print(PrintStream out) {
        print(out, true);
    }

    /** Prints the rows; the second and later pages of one listing come without the header. */
    public void print(PrintStream out, boolean withHeader) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        }
        for (List<String> row : withHeader ? rows : rows.subList(1, rows.size())) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                line.append(row.get(c)).append(" ".repeat(widths[c] - row.get(c).length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
