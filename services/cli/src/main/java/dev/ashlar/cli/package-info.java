/**
 * The {@code ashlar} command. {@link dev.ashlar.cli.Main} parses and reports, {@code command} holds one class per word,
 * {@code client} speaks the HTTP API, {@code output} turns answers into tables, {@code dev} runs a whole cluster as
 * processes of this machine.
 *
 * <p>It knows the product by its documented HTTP API and the records of {@code dev.ashlar.common} alone, and never
 * touches a data directory except that of {@code ashlar dev}.
 */
package dev.ashlar.cli;
