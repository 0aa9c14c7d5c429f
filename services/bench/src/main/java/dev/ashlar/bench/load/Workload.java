package dev.ashlar.bench.load;

import java.util.Locale;

/** What the clients do. */
public enum Workload {
    /** Writes only. */
    PUT(0),
    /** Linearizable reads only. */
    GET(100),
    /** 95 reads for 5 writes. */
    MIXED(95),
    /** Writes every key once, in order, and ends: fills a server before it is read. */
    LOAD(0),
    /** A transaction: that {@value Payload#GROUP} keys of one tag exist, then a put of each. */
    TXN(0),
    /** A lock of the client's own, acquired and released: one operation. */
    LOCK(0);

    private final int readPercent;

    Workload(int readPercent) {
        this.readPercent = readPercent;
    }

    /** Reads among 100 operations. */
    public int readPercent() {
        return readPercent;
    }

    /** The word used on the command line and in reports. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
