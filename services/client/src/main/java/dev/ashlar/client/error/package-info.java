/**
 * What a call ends with when it does not succeed: one unchecked exception with the stable code of the API, and types of
 * their own for the three endings that a program has to tell apart: a condition that did not hold, an outcome that is not
 * known, and nobody there. Thrown by the other packages; knows none of them.
 */
package dev.ashlar.client.error;
