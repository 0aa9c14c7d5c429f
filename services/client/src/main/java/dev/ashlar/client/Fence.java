package dev.ashlar.client;

/** The proof that a lock is held: its name and the token under which it was acquired. May be handed to another process. */
public record Fence(String lock, long token) {
    String header() {
        return lock + "=" + token;
    }
}
