package dev.ashlar.cli.dev;

/**
 * Which port for whom: store i has 8080+i, 9000+i, 8090+i and coordinator i has 8180+i, 9100+i, 8190+i (API, management,
 * peers), all moved by one offset. With at most ten processes of a kind no two ranges meet.
 */
public record PortPlan(int offset) {
    /** Processes of one kind; one more and the API ports would run into the peer ports. */
    public static final int PROCESSES_PER_KIND_MAX = 10;

    private static final int LOWEST = 8080;
    private static final int HIGHEST = 9100 + PROCESSES_PER_KIND_MAX - 1;

    /** The offsets that keep every port within 1024..65535. */
    public static final int OFFSET_MIN = 1024 - LOWEST;

    public static final int OFFSET_MAX = 65535 - HIGHEST;

    public PortPlan {
        if (offset < OFFSET_MIN || offset > OFFSET_MAX) {
            throw new IllegalArgumentException(
                    "the port offset must be " + OFFSET_MIN + " to " + OFFSET_MAX + ", not " + offset);
        }
    }

    public Ports of(Kind kind, int ordinal) {
        if (ordinal < 0 || ordinal >= PROCESSES_PER_KIND_MAX) {
            throw new IllegalArgumentException("no ports for ordinal " + ordinal);
        }
        int base = offset + ordinal;
        return switch (kind) {
            case STORE -> new Ports(base + 8080, base + 9000, base + 8090);
            case COORDINATOR -> new Ports(base + 8180, base + 9100, base + 8190);
        };
    }
}
