/**
 * Backups on the command line's side: receiving one into a file, and putting a file into an empty cluster through the API that
 * every client uses. The file itself is {@code common.backup}; {@code command} calls in here.
 */
package dev.ashlar.cli.backup;
