package dev.ashlar.rollout;

/** Something could not be asked; the message is for the reasons of the sync. */
final class ApiFailure extends Exception {
    private static final long serialVersionUID = 1;

    ApiFailure(String message) {
        super(message);
    }
}
