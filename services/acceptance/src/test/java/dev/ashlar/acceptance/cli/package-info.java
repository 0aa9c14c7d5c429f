/** The native command line against a real cluster, in {@code make test-native}. */
package dev.ashlar.acceptance.cli;
