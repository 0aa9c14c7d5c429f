/**
 * The one place in front of all routes: {@link dev.ashlar.access.gate.Gate} asks the rules of its service what a request
 * needs, and lets it pass, or answers 401, 403 or 429. What the rules do not know needs an administrator.
 */
package dev.ashlar.access.gate;
