package dev.ashlar.common.dns;

import java.security.Security;

/**
 * The JDK remembers the address of a name for 30 s. A pod that restarts keeps its name and gets another address, and its peers
 * would go on dialling the old one for half a minute: it hears no leader, and requests that are forwarded to it fail (S6).
 *
 * <p>The JDK reads the setting once, at the first look-up; in a native image that needs
 * {@code --initialize-at-run-time=sun.net.InetAddressCachePolicy}.
 */
public final class NameCache {
    /** For how long the address of a name is remembered, in seconds. */
    public static final int FOUND_SECONDS = 1;

    /** For how long it is remembered that a name has no address, in seconds. */
    public static final int NOT_FOUND_SECONDS = 1;

    private NameCache() {}

    /** To be called once, before the process looks up its first name. */
    public static void shorten() {
        Security.setProperty("networkaddress.cache.ttl", Integer.toString(FOUND_SECONDS));
        Security.setProperty("networkaddress.cache.negative.ttl", Integer.toString(NOT_FOUND_SECONDS));
    }
}
