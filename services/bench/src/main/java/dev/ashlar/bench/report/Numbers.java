package dev.ashlar.bench.report;

import java.util.Locale;

/** Numbers as people read them, in one locale. */
public final class Numbers {
    private Numbers() {}

    /** Whole, with thousands separated: {@code 12,390}. */
    public static String whole(double n) {
        return String.format(Locale.ROOT, "%,.0f", n);
    }

    /** Nanoseconds as milliseconds, two places below ten, one above. */
    public static String ms(long nanos) {
        double ms = nanos / 1e6;
        return String.format(Locale.ROOT, ms < 10 ? "%.2f" : "%.1f", ms);
    }

    /** With {@code places} places behind the point. */
    public static String fixed(double n, int places) {
        return String.format(Locale.ROOT, "%." + places + "f", n);
    }

    /** Bytes as MiB, whole. */
    public static String mib(long bytes) {
        return whole(bytes / (double) (1 << 20));
    }

    /** A ratio: {@code 2.83×}. */
    public static String times(double ratio) {
        return Double.isFinite(ratio) ? fixed(ratio, 2) + "×" : "–";
    }
}
