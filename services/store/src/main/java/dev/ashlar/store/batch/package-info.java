/**
 * {@code POST /v1/batch}: many writes in one request, each for itself. {@link dev.ashlar.store.batch.BatchPipe} is what
 * bounds the memory of a request of any length; {@link dev.ashlar.store.batch.BatchRoute} reads and answers, as one JSON
 * document or line by line. Nothing here is atomic: that is {@code txn}.
 */
package dev.ashlar.store.batch;
