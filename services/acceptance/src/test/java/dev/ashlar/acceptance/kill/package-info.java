/**
 * Processes die, freeze and come back under load, and the recorded history must be linearizable (S1, S2).
 *
 * <p>By hand: {@code mvn verify -pl services/acceptance -am -Dtest=KillLoopTest -Dashlar.acceptance.rounds=20
 * -Dashlar.acceptance.clients=32 -Dashlar.acceptance.seed=7}. Times are printed, written to
 * {@code target/acceptance-figures/*.json}, and never make a test fail unless they are beyond all reason.
 */
package dev.ashlar.acceptance.kill;
