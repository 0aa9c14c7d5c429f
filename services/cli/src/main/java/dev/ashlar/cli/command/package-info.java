/**
 * One class per word of the command line: what it takes, what it sends, what it prints. A command ends with an exit code
 * or with a {@link dev.ashlar.cli.CliException}; it never prints a stack trace for something a user can cause.
 */
package dev.ashlar.cli.command;
