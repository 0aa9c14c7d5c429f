/**
 * How much a process takes on: requests at once ({@link dev.ashlar.access.load.Admission}, by the pure
 * {@link dev.ashlar.access.load.ConcurrencyLimit}), and connections ({@link dev.ashlar.access.load.ConnectionGuard}).
 */
package dev.ashlar.access.load;
