/** The rollout commands of {@code deploy/rollout} in real git repositories, without a cluster. */
package dev.ashlar.acceptance.commits;
