/**
 * Keeps the committed Kubernetes manifests and those that quarkus-kubernetes generates the same.
 *
 * <p>{@code make manifests} rewrites {@code gitops/base/<service>/generated} through {@link
 * dev.ashlar.acceptance.manifests.ManifestDriftTest}; the same test fails in every other run when they differ. What
 * differs from build to build (versions, timestamps, registry) is left out. Nothing here talks to a cluster.
 */
package dev.ashlar.acceptance.manifests;
