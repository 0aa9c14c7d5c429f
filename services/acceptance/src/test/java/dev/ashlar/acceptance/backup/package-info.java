/** Backups of a cluster that serves, restored into one of another size; and what a dead store's disk still gives. */
package dev.ashlar.acceptance.backup;
