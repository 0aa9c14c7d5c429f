package dev.ashlar.bench.load;

import java.util.SplittableRandom;

/** Which key the next operation takes. Implementations hold no state that changes: all loops share one. */
public sealed interface KeyChoice {
    /** A key index in {@code 0..keys-1}. */
    int next(SplittableRandom random);

    /** Every key equally often. */
    record Uniform(int keys) implements KeyChoice {
        @Override
        public int next(SplittableRandom random) {
            return random.nextInt(keys);
        }
    }

    /**
     * A few keys often, most keys seldom: rank r with probability ~ 1/r^0.99, drawn by the method of Gray et al. ("Quickly
     * generating billion-record synthetic databases", 1994). Ranks are scattered over the key space by a multiplication, so
     * that hot keys are not neighbours.
     */
    final class Zipf implements KeyChoice {
        private static final double THETA = 0.99;
        private final int keys;
        private final double zeta;
        private final double alpha = 1 / (1 - THETA);
        private final double eta;

        /** Sums {@code keys} terms once. */
        public Zipf(int keys) {
            this.keys = keys;
            double sum = 0;
            for (int i = 1; i <= keys; i++) {
                sum += 1 / Math.pow(i, THETA);
            }
            zeta = sum;
            double zetaOfTwo = 1 + Math.pow(0.5, THETA);
            eta = (1 - Math.pow(2.0 / keys, 1 - THETA)) / (1 - zetaOfTwo / zeta);
        }

        @Override
        public int next(SplittableRandom random) {
            return (int) (rank(random.nextDouble()) * 2_654_435_761L % keys);
        }

        /** The rank, 0 the most frequent, for a number in [0, 1). */
        long rank(double u) {
            double uz = u * zeta;
            if (uz < 1) {
                return 0;
            }
            if (uz < 1 + Math.pow(0.5, THETA)) {
                return Math.min(1, keys - 1);
            }
            return Math.min(keys - 1, (long) (keys * Math.pow(eta * u - eta + 1, alpha)));
        }
    }
}
