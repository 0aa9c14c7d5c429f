package dev.ashlar.cli.command;

import java.util.List;

/** The records of this package that are JSON, for the test of the metadata. */
public final class JsonRecords {
    public static final List<Class<?>> ALL = List.of(ScanPage.class, ScanItem.class, WriteResult.class);

    private JsonRecords() {}
}
