package dev.ashlar.store.membership;

/**
 * Where this process stands with the coordinators.
 *
 * @param registered whether a coordinator has accepted it since the process started
 * @param alone whether it has started without one, with what it knew, and none has accepted it yet
 * @param fenced whether a newer process of the same name exists
 * @param coordinator the coordinator that answered last, empty when none does at the moment
 * @param problem why no coordinator answers, empty when one does
 */
public record Registration(
        boolean registered, boolean alone, boolean fenced, long incarnation, String coordinator, String problem) {
    static final Registration NONE = new Registration(false, false, false, 0, "", "no coordinator has been asked yet");

    /** Whether the process may serve. */
    public boolean serves() {
        return registered || alone;
    }
}
