/**
 * The three questions of a sync by Argo CD, asked by Jobs with the image that is rolled out: before anything is applied, may
 * the pod that would restart first restart now ({@link dev.ashlar.rollout.GateStep}); while it rolls, does it get on ({@link
 * dev.ashlar.rollout.WatchStep}); when all is applied and healthy, is the cluster whole again ({@link
 * dev.ashlar.rollout.VerifyStep}).
 *
 * <p>The entries of store and coordinator call {@link dev.ashlar.rollout.SyncJob} before their framework starts. What restarts
 * is decided by {@link dev.ashlar.rollout.NextRestart}, a pure function. Nothing here changes the cluster, except for
 * annotations that carry reasons, on the Job itself and on the StatefulSet.
 */
package dev.ashlar.rollout;
