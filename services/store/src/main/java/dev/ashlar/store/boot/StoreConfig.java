package dev.ashlar.store.boot;

import java.util.Optional;
import java.util.OptionalLong;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/**
 * The settings of a store, as {@code ashlar.*} or, in the environment, {@code ASHLAR_*}. {@link ConfigCheck} says which
 * values are permitted.
 */
@ConfigMapping(prefix = "ashlar")
public interface StoreConfig {
    /** Name of the process, unique in the cluster: the pod name. */
    @WithDefault("${HOSTNAME:store-0}")
    String name();

    /** Where the replicas live. */
    @WithDefault("/data")
    String dataDir();

    /** Base URLs separated by commas, or {@code srv:} and a DNS SRV name. */
    @WithDefault("srv:_http._tcp.coordinator-headless")
    String coordinators();

    /** Host under which others reach this process, without a port. */
    @WithDefault("127.0.0.1")
    String advertiseHost();

    /** Address to bind for peers. */
    @WithDefault("0.0.0.0")
    String peerHost();

    /** Port to bind for peers. */
    @WithDefault("8090")
    int peerPort();

    /** Failure domain of this store, empty when there is none. */
    Optional<String> zone();

    /** RocksDB block cache of the process, in bytes; by default a share, see {@link StoreMemory}. */
    OptionalLong blockCacheBytes();

    /** RocksDB write buffers of the process, in bytes; by default a share, see {@link StoreMemory}. */
    OptionalLong memtableBytes();

    /** Size of a segment of the log, in bytes. */
    @WithDefault("67108864")
    long walSegmentBytes();

    /** Payloads of log entries held in memory, in bytes; by default a share, see {@link StoreMemory}. */
    OptionalLong logCacheBytes();

    /** How often a leader speaks to its followers, in milliseconds. */
    @WithDefault("250")
    long heartbeatMs();

    /** Silence after which followers elect a new leader, in milliseconds. */
    @WithDefault("1500")
    long electionMs();

    /** Free disk space below which writes are refused, in bytes. */
    @WithDefault("33554432")
    long minFreeBytes();

    /** The largest value, in bytes. */
    @WithDefault("1048576")
    int valueBytesMax();

    /** Values of requests that are being received, of all connections together, in bytes; by default a share, see {@link StoreMemory}. */
    OptionalLong bodyBytesInFlightMax();

    /** Events that clients have not taken yet, of all watches together, in bytes; by default a share, see {@link StoreMemory}. */
    OptionalLong watchUnsentBytesMax();

    /** How long a stop waits for its leaderships to move away, in milliseconds. */
    @WithDefault("10000")
    long drainTimeoutMs();

    /** How long a stop waits for its replicas to move away when its StatefulSet has become too small, in milliseconds. */
    @WithDefault("540000")
    long decommissionTimeoutMs();

    /** How long after its start a store that has caught up waits for its shards to be at full strength, in milliseconds. */
    @WithDefault("300000")
    long readyLatchTimeoutMs();

    /**
     * How long a store that starts asks for coordinators before it serves without one, as the process before it did, in
     * milliseconds; 0 for ever.
     */
    @WithDefault("10000")
    long startAloneAfterMs();

    /** How often the replicas of a shard are compared, in milliseconds; 0 for never. */
    @WithDefault("900000")
    long verifyEveryMs();

    /** How much a comparison may read per second, in bytes. */
    @WithDefault("16777216")
    long verifyBytesPerSecond();

    /** Requests for keys that may be under way at once; fewer when they take long. */
    @WithDefault("4096")
    int concurrencyMax();

    /** How long requests for keys may take on average before fewer are let in, in milliseconds. */
    @WithDefault("1000")
    long concurrencyTargetMs();

    /** Whether requests must show a token: {@code on}, {@code off}, or {@code auto}: on with a file of tokens. */
    @WithDefault("auto")
    String auth();

    /** The tokens of clients: a file, read again when it changes. */
    Optional<String> authTokensFile();

    /** What the processes of the cluster show to each other: a file, read again when it changes. */
    Optional<String> authPeerTokenFile();

    /** Directory with {@code tls.crt}, {@code tls.key} and {@code ca.crt}: the API and the peers then speak TLS alone. */
    Optional<String> tlsDir();
}
