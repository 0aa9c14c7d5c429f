/**
 * Stores whose data directory is gone or damaged: each says what it is, and nothing that was acknowledged is lost (S5).
 * These are also the errors that RocksDB's C++ side reports through Java classes it looks up by name.
 */
package dev.ashlar.acceptance.disk;
