package dev.ashlar.bench.http;

/** Which server an operation goes to. Called on loop threads. */
interface Route {
    /** A member in {@code 0..members-1}. */
    int memberFor(int key);

    /** An operation sent to {@code member} failed in a way that says the server is gone or leads no more. */
    void failed(int member, int outcome);
}
