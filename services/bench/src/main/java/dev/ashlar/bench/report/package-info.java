/**
 * How figures are shown: Markdown tables, JSON lines, an SVG chart, and the marked part of a page that a command may
 * replace. Pure functions from results to text, but for {@link dev.ashlar.bench.report.MarkedPage}, which writes one file.
 */
package dev.ashlar.bench.report;
