/**
 * The JSON records between stores, coordinators and clients: registration, heartbeat, shard map, orders, events and the
 * answer of {@code GET /v1/cluster}. Field names are snake_case in JSON. Unknown fields are ignored by every reader, so
 * that two versions can run together.
 */
package dev.ashlar.common.cluster;
