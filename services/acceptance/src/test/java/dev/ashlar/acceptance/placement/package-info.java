/**
 * Replicas that move under load: a lost disk, a store that is gone for good, a decommission, a store more. The cluster mends
 * itself; nobody tells it how.
 */
package dev.ashlar.acceptance.placement;
