package dev.ashlar.common;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Who a process is to its peers: its name and the random id that was created with its data directory. The same name with
 * a new disk id is a lost disk, and never the same voter again (S5).
 *
 * @param name the pod or process name, e.g. {@code store-1}; letters, digits, {@code -} and {@code _}
 * @param diskId 16 hexadecimal digits
 */
public record StoreId(String name, String diskId) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,63}");
    private static final Pattern DISK = Pattern.compile("[0-9a-f]{16}");

    public StoreId {
        Objects.requireNonNull(name);
        Objects.requireNonNull(diskId);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name '" + name + "' must be 1-63 letters, digits, '-' or '_'");
        }
        if (!DISK.matcher(diskId).matches()) {
            throw new IllegalArgumentException("disk id '" + diskId + "' must be 16 hexadecimal digits");
        }
    }

    /** Reads what {@link #toString} wrote: {@code store-1.00ff00ff00ff00ff}. */
    public static StoreId parse(String text) {
        int dot = text.lastIndexOf('.');
        if (dot < 0) {
            throw new IllegalArgumentException("store id '" + text + "' is not of the form name.diskid");
        }
        return new StoreId(text.substring(0, dot), text.substring(dot + 1));
    }

    @Override
    public String toString() {
        return name + "." + diskId;
    }
}
