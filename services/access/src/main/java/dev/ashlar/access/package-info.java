/**
 * Who may call a process, and how much it takes on at once. The store and the coordinator put a
 * {@link dev.ashlar.access.gate.Gate} in front of all their routes; nothing here knows what a route does.
 */
package dev.ashlar.access;
