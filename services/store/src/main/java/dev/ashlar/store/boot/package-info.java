/**
 * How the process starts and stops: the configuration and its checks, the data directory with its lock and identity, the
 * order in which the parts start, and the exit code.
 *
 * <p>{@link dev.ashlar.store.boot.StoreMain} is the entry; nothing but the framework calls in here. It never decides about
 * replicas or requests.
 */
package dev.ashlar.store.boot;
