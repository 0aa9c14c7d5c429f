# Every overlay builds, and the API server takes every object of it as it is (server-side dry run, unknown fields are errors).
for overlay in gitops/overlays/*/*/; do
  [ -f "$overlay/kustomization.yaml" ] || continue
  k kustomize "$(deployed)/$overlay" > "$work/built.yaml" || die "$overlay does not build"
  k apply --server-side --force-conflicts --dry-run=server --validate=strict -f "$work/built.yaml" > "$work/applied" 2>&1 || die "$overlay: $(cat "$work/applied")"
  seen "$overlay: $(grep -vc ^Warning "$work/applied") objects are valid"
done
