/**
 * Addresses of names: {@link dev.ashlar.common.dns.Names} for threads that must not wait, and how long the JDK may remember
 * ({@link dev.ashlar.common.dns.NameCache}), to be said by the main classes before anything looks up a name.
 */
package dev.ashlar.common.dns;
