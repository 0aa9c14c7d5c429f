package dev.ashlar.bench.load;

/**
 * How an operation ended, as one number so that nothing is allocated: 0 is success, 100..999 an HTTP status, from {@value
 * #GRPC} a gRPC status, negative what the client itself saw.
 */
public final class Outcome {
    /** The answer came and is what was asked for. */
    public static final int OK = 0;
    /** The connection could not be opened or broke. */
    public static final int IO = -1;
    /** No answer within the timeout. */
    public static final int TIMEOUT = -2;
    /** A read that found nothing or a value of another size. */
    public static final int WRONG_ANSWER = -3;
    /** Bytes that are not the protocol. */
    public static final int PROTOCOL = -4;
    /** Added to a gRPC status code. */
    public static final int GRPC = 1000;

    private Outcome() {}

    /** The outcome in words, for reports. */
    public static String words(int outcome) {
        return switch (outcome) {
            case OK -> "ok";
            case IO -> "connection";
            case TIMEOUT -> "timeout";
            case WRONG_ANSWER -> "wrong answer";
            case PROTOCOL -> "protocol";
            default -> outcome >= GRPC ? "grpc " + (outcome - GRPC) : "http " + outcome;
        };
    }
}
