# Every overlay builds, and one with every component together; the API server takes every object of it as it is (server-side dry run,
# unknown fields are errors). Kinds that this cluster does not know (of the Prometheus operator) are built and counted, not asked.
valid() { # NAME DIRECTORY
  local unknown=0
  k kustomize "$2" > "$work/all.yaml" || die "$1 does not build"
  cp "$work/all.yaml" "$work/built.yaml"
  if ! known podmonitors || ! known prometheusrules; then
    awk 'BEGIN {RS = "---\n"; ORS = "---\n"} !/(^|\n)apiVersion: monitoring.coreos.com/' "$work/all.yaml" > "$work/built.yaml"
    unknown=$(grep -c '^apiVersion: monitoring.coreos.com' "$work/all.yaml" || true)
  fi
  k apply --server-side --force-conflicts --dry-run=server --validate=strict -f "$work/built.yaml" > "$work/applied" 2>&1 || die "$1: $(cat "$work/applied")"
  seen "$1: $(grep -vc ^Warning "$work/applied") objects are valid$([ "$unknown" = 0 ] || echo ", $unknown of kinds that are not known here")"
}
for overlay in gitops/overlays/*/*/; do
  [ ! -f "$overlay/kustomization.yaml" ] || valid "$overlay" "$(deployed)/$overlay"
done
every=$(deployed)/gitops/overlays/every-component
mkdir -p "$every"
cat > "$every/kustomization.yaml" << 'Y'
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: default # where none of it exists: nothing to conflict with
resources: [../../base/store, ../../parameters]
components: [../../components/gate, ../../components/zone-spread, ../../components/backup, ../../components/auth, ../../components/tls, ../../components/monitoring]
transformers: [../../components/gate/filled-in, ../../components/backup/filled-in]
Y
valid "the store with every component" "$every"
rm -r "$every"
