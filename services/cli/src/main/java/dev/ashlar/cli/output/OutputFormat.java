package dev.ashlar.cli.output;

/** How answers are shown. */
public enum OutputFormat {
    /** For people. */
    table,
    /** For programs: the API's own JSON; lists as one object per line. */
    json
}
