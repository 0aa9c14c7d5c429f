/**
 * Tokens and what they permit: read from mounted files, looked up by the hash of what a request shows. Pure but for
 * {@link dev.ashlar.access.token.TokenFiles}, which reads the files again when they change. No text of a token is kept,
 * logged or told anywhere; only the peers' own token is held in memory, since it must be sent.
 */
package dev.ashlar.access.token;
