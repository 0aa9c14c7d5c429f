/**
 * The coordinator's HTTP API: what stores call ({@code /internal/v1}), what people and clients read ({@code /v1}), and every
 * error as {@code application/problem+json}. It checks requests and shapes answers; what is decided is decided in {@code
 * control}. Nothing here blocks: the event loop calls it.
 */
package dev.ashlar.coordinator.http;
