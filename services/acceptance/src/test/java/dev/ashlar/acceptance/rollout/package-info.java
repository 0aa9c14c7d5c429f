/**
 * What happens on purpose: rolling restarts under load, two processes of one identity, two versions together. Processes and
 * the API only (S5, S6, S7).
 */
package dev.ashlar.acceptance.rollout;
