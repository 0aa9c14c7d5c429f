package dev.ashlar.client.http;

import java.net.URI;
import java.util.List;

/** Whom to ask for one call. Used by one thread. */
public interface Route {
    /** Whom to ask one after the other in the next round; never empty. */
    List<URI> round();

    /** There was no connection, it broke, or no answer came in time. */
    default void failed(URI endpoint) {}

    /** Whatever it answered. */
    default void answered(URI endpoint, Answer answer) {}

    /** Always the same ones, in the same order. */
    static Route inOrder(List<URI> endpoints) {
        return () -> endpoints;
    }
}
