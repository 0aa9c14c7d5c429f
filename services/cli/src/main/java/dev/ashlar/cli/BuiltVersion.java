package dev.ashlar.cli;

/** The version that a native executable was built as; initialised while it is built. Empty on a JVM. */
final class BuiltVersion {
    static final String TEXT = System.getProperty("ashlar.version", "");

    private BuiltVersion() {}
}
