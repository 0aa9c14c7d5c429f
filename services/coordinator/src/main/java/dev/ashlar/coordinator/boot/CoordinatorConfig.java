package dev.ashlar.coordinator.boot;

import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/**
 * The settings of a coordinator, as {@code ashlar.*} or, in the environment, {@code ASHLAR_*}. {@link ConfigCheck} says
 * which values are permitted.
 */
@ConfigMapping(prefix = "ashlar")
public interface CoordinatorConfig {
    /** Name of the process, unique in the cluster: the pod name. */
    @WithDefault("${HOSTNAME:coordinator-0}")
    String name();

    /** Where the log and the state live. */
    @WithDefault("/data")
    String dataDir();

    /** Base URLs of all coordinators, this one too, separated by commas; or {@code srv:} and a DNS SRV name. */
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

    /** How many coordinators form the group. */
    @WithDefault("3")
    int expect();

    /** Shards of a new cluster. */
    @WithDefault("6")
    int shards();

    /** Replicas of each shard of a new cluster, at most one per expected store. */
    @WithDefault("3")
    int replicationFactor();

    /** Stores that must have registered before the shards of a new cluster are placed. */
    @WithDefault("3")
    int expectStores();

    /** Size of a segment of the log, in bytes. The coordinators write little. */
    @WithDefault("8388608")
    long walSegmentBytes();

    /** How often a leader speaks to its followers, in milliseconds. */
    @WithDefault("250")
    long heartbeatMs();

    /** Silence after which followers elect a new leader, in milliseconds. */
    @WithDefault("1500")
    long electionMs();

    /** Silence after which the replicas of a store move to a spare one, in milliseconds. */
    @WithDefault("600000")
    long repairAfterMs();

    /** Free disk space below which nothing more is written, in bytes. */
    @WithDefault("33554432")
    long minFreeBytes();

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
