/**
 * The HTTP API from the caller's side: keys as paths, servers that stand in for each other, tries and their end, errors as
 * one code and one sentence. Used by the facade above it, and by the command line for the calls that are no business of a
 * program (coordinators, backup). Knows no leaders: a {@link dev.ashlar.client.http.Route} says whom to ask. Keeps nothing
 * between two calls.
 */
package dev.ashlar.client.http;
