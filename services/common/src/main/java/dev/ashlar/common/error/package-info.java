/**
 * The errors of the HTTP API: one enumeration of stable codes with their status, and the exception that carries one to
 * the place where it becomes {@code application/problem+json}.
 */
package dev.ashlar.common.error;
