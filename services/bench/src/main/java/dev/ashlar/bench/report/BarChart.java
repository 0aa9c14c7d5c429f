package dev.ashlar.bench.report;

import java.util.List;

/**
 * Panels of grouped bars as SVG: one panel per title, one group per label, one bar per series. Each panel has its own scale
 * from zero; the value stands above its bar.
 */
public final class BarChart {
    private static final int PANEL_WIDTH = 440;
    private static final int PANEL_HEIGHT = 220;
    private static final int MARGIN = 36;
    private static final List<String> COLOURS =
            List.of("#0f766e", "#2dd4bf", "#b45309", "#f59e0b", "#9ca3af", "#6366f1", "#be185d");

    /**
     * One panel.
     *
     * @param values one row per series, one column per label
     * @param places digits behind the point in the values shown
     */
    public record Panel(String title, List<String> labels, List<List<Double>> values, int places) {}

    private BarChart() {}

    /** The chart, {@code columns} panels beside each other. */
    public static String svg(List<String> series, List<Panel> panels, int columns) {
        int rows = (panels.size() + columns - 1) / columns;
        int width = columns * PANEL_WIDTH;
        int height = rows * PANEL_HEIGHT + MARGIN;
        StringBuilder out = new StringBuilder();
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" ".formatted(width, height))
                .append("font-family=\"system-ui,sans-serif\" font-size=\"11\">\n")
                .append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        legend(series, out);
        for (int i = 0; i < panels.size(); i++) {
            out.append("<g transform=\"translate(%d %d)\">\n"
                    .formatted(i % columns * PANEL_WIDTH, i / columns * PANEL_HEIGHT + MARGIN));
            panel(panels.get(i), out);
            out.append("</g>\n");
        }
        return out.append("</svg>\n").toString();
    }

    private static void legend(List<String> series, StringBuilder out) {
        int x = MARGIN;
        for (int s = 0; s < series.size(); s++) {
            out.append("<rect x=\"%d\" y=\"12\" width=\"12\" height=\"12\" fill=\"%s\"/>".formatted(x, colour(s)))
                    .append("<text x=\"%d\" y=\"22\">%s</text>\n".formatted(x + 16, escape(series.get(s))));
            x += 40 + 7 * series.get(s).length();
        }
    }

    private static void panel(Panel panel, StringBuilder out) {
        int base = PANEL_HEIGHT - 24;
        int plotHeight = base - 40;
        double top = Double.MIN_NORMAL;
        for (List<Double> row : panel.values()) {
            for (double value : row) {
                top = Math.max(top, value);
            }
        }
        out.append("<text x=\"%d\" y=\"16\" font-size=\"13\" font-weight=\"600\">%s</text>\n"
                .formatted(MARGIN, escape(panel.title())));
        out.append("<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"#374151\"/>\n"
                .formatted(MARGIN, PANEL_WIDTH - 8, base, base));
        double group = (PANEL_WIDTH - MARGIN - 8.0) / panel.labels().size();
        double bar = group * 0.86 / panel.values().size();
        for (int g = 0; g < panel.labels().size(); g++) {
            double left = MARGIN + g * group + group * 0.07;
            out.append("<text x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>\n"
                    .formatted(
                            Numbers.fixed(left + group * 0.43, 1),
                            base + 15,
                            escape(panel.labels().get(g))));
            for (int s = 0; s < panel.values().size(); s++) {
                double value = panel.values().get(s).get(g);
                double h = value / top * plotHeight;
                double x = left + s * bar;
                out.append("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>"
                                .formatted(
                                        Numbers.fixed(x, 1),
                                        Numbers.fixed(base - h, 1),
                                        Numbers.fixed(bar - 1, 1),
                                        Numbers.fixed(h, 1),
                                        colour(s)))
                        .append("<text x=\"%s\" y=\"%s\" text-anchor=\"middle\" font-size=\"7\">%s</text>\n"
                                .formatted(
                                        Numbers.fixed(x + bar / 2, 1),
                                        Numbers.fixed(base - h - 3, 1),
                                        shown(value, panel.places())));
            }
        }
    }

    private static String shown(double value, int places) {
        return value >= 10_000 ? Numbers.fixed(value / 1000, 1) + "k" : Numbers.fixed(value, places);
    }

    private static String colour(int series) {
        return COLOURS.get(series % COLOURS.size());
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
