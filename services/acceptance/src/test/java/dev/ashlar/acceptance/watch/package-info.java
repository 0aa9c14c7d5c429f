/** Watches through faults. {@code -Dashlar.acceptance.rounds=50 -Dashlar.acceptance.seed=7} for a long run. */
package dev.ashlar.acceptance.watch;
