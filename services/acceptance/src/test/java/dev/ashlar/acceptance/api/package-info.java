/** The HTTP API from outside: what a first user tries, and what only an attacker or a broken client sends (S8). */
package dev.ashlar.acceptance.api;
