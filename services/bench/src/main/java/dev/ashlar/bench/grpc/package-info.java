/**
 * etcd's gRPC API for the load generator: unary calls over HTTP/2, many in flight on one connection, in the same loop as
 * the HTTP/1.1 client, so that neither side of a comparison pays for a heavier client.
 *
 * <p>It knows what a grpc-go server sends and no more: no TLS, no compression, no streaming. Header tables are switched off
 * for answers (SETTINGS_HEADER_TABLE_SIZE 0), so that their header blocks can be read without state.
 */
package dev.ashlar.bench.grpc;
