/**
 * HTTP/1.1 for the load generator, one request in flight per connection, and the two targets that speak it: a cluster of
 * ours and etcd's JSON gateway.
 *
 * <p>The parser takes what servers may send (partial reads, chunked bodies, answers without a length, connections that
 * close) and copies no body. It is no general client: no redirects, no compression, no TLS.
 */
package dev.ashlar.bench.http;
