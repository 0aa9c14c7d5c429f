/**
 * The HTTP API from the caller's side: keys as paths, a list of endpoints that stand in for each other, and errors as one
 * line that says what to do. Called by the commands; keeps nothing between two runs.
 */
package dev.ashlar.cli.client;
