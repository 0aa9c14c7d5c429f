/**
 * The data directory of a process: its exclusive lock, its identity (the disk id) and the version of its format.
 *
 * <p>Stores and coordinators open it first of all when they start, and close it last. It never looks at the data below it.
 */
package dev.ashlar.common.disk;
