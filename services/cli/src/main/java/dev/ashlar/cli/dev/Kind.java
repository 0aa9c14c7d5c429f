package dev.ashlar.cli.dev;

/** The two services. */
public enum Kind {
    COORDINATOR("coordinator"),
    STORE("store");

    private final String word;

    Kind(String word) {
        this.word = word;
    }

    /** The word in names, paths and messages. */
    public String word() {
        return word;
    }
}
