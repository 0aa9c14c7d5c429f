package dev.ashlar.access.gate;

import dev.ashlar.access.token.Token;

/** What a request needs of the token it shows. */
public sealed interface Need {
    /** Whether the token permits it. */
    boolean isMetBy(Token token);

    /** What is needed, for the answer to a request that lacks it. */
    String words();

    /** Nothing, not even a token: for what tells nothing of the data and the cluster. */
    record Nothing() implements Need {
        @Override
        public boolean isMetBy(Token token) {
            return true;
        }

        @Override
        public String words() {
            return "nothing";
        }
    }

    /** Any valid token. Also for routes that check the keys in their body themselves, by {@link Gate#require}. */
    record AnyToken() implements Need {
        @Override
        public boolean isMetBy(Token token) {
            return true;
        }

        @Override
        public String words() {
            return "any token";
        }
    }

    /** The right to read a key, or all keys with a prefix. */
    record Read(String keyOrPrefix) implements Need {
        @Override
        public boolean isMetBy(Token token) {
            return token.mayRead(keyOrPrefix);
        }

        @Override
        public String words() {
            return "a grant to read '" + keyOrPrefix + "'";
        }
    }

    /** The right to write a key, or all keys with a prefix. */
    record Write(String keyOrPrefix) implements Need {
        @Override
        public boolean isMetBy(Token token) {
            return token.mayWrite(keyOrPrefix);
        }

        @Override
        public String words() {
            return "a grant to write '" + keyOrPrefix + "'";
        }
    }

    /** An administrator. */
    record Admin() implements Need {
        @Override
        public boolean isMetBy(Token token) {
            return token.isAdmin();
        }

        @Override
        public String words() {
            return "the role admin";
        }
    }

    /** Another process of the cluster. */
    record Peer() implements Need {
        @Override
        public boolean isMetBy(Token token) {
            return token.isPeer();
        }

        @Override
        public String words() {
            return "the token that the processes of the cluster share";
        }
    }
}
