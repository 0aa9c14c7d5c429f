package dev.ashlar.access.token;

import java.util.List;

/**
 * Who calls, and what they may do. Knows no text of a token. Immutable.
 *
 * <ol>
 *   <li>Admin may do all that clients can do; a peer may do all that, and call what only processes of the cluster call.
 *   <li>Write on a prefix permits reads there too.
 *   <li>A range is permitted when one grant covers all of it: its prefix must begin with the prefix of the grant.
 * </ol>
 *
 * @param name for logs; tells nothing secret
 */
public record Token(String name, List<Grant> grants) {
    /** Who calls a process that asks for no tokens. */
    public static final Token ANYONE = new Token("anyone", List.of(new Grant("", Role.PEER)));

    /** Who may do nothing. */
    public static final Token NOBODY = new Token("nobody", List.of());

    /** Whether it may do everything that a client can do. */
    public boolean isAdmin() {
        for (Grant grant : grants) {
            if (grant.role() == Role.ADMIN || grant.role() == Role.PEER) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is another process of the cluster. */
    public boolean isPeer() {
        for (Grant grant : grants) {
            if (grant.role() == Role.PEER) {
                return true;
            }
        }
        return false;
    }

    /** Whether it may read the key, or every key that begins with this. */
    public boolean mayRead(String keyOrPrefix) {
        return may(keyOrPrefix, false);
    }

    /** Whether it may write the key, or every key that begins with this. */
    public boolean mayWrite(String keyOrPrefix) {
        return may(keyOrPrefix, true);
    }

    private boolean may(String keyOrPrefix, boolean write) {
        for (Grant grant : grants) {
            boolean permits =
                    switch (grant.role()) {
                        case READ -> !write && keyOrPrefix.startsWith(grant.prefix());
                        case WRITE -> keyOrPrefix.startsWith(grant.prefix());
                        case ADMIN, PEER -> true;
                    };
            if (permits) {
                return true;
            }
        }
        return false;
    }
}
