/**
 * The end of a pod that its StatefulSet no longer wants: the store asks the API server of Kubernetes how many replicas are
 * wanted, and leaves its shards to others before it stops. Called by the stop of the process only; outside Kubernetes it does
 * nothing. It may read its own StatefulSet and nothing else.
 */
package dev.ashlar.store.scalein;
