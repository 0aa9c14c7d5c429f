/**
 * The certificates of a process, from a mounted directory, read again when they change: for clients, for the other
 * processes, and for the API by {@link dev.ashlar.access.tls.ApiProperties}.
 */
package dev.ashlar.access.tls;
