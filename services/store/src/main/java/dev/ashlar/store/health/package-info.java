/**
 * Whether this store has started, lives and is ready, and its figures: what Kubernetes and Prometheus ask on the management
 * port. Reads the other packages, changes nothing.
 */
package dev.ashlar.store.health;
