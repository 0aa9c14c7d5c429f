package dev.ashlar.cli.command;

import java.util.List;

/** One page of a scan; {@code cursor} leads to the next one and is absent on the last. */
record ScanPage(List<ScanItem> items, String cursor) {
    boolean last() {
        return cursor == null || cursor.isEmpty();
    }
}
