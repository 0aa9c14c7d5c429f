# Definitions of the Prometheus operator, which the component monitoring wants: those of the cluster, or, on a test cluster that has
# none, the operator's own from its Go module.
operator_version=v0.85.0

known() { k get customresourcedefinition "$1.monitoring.coreos.com" > /dev/null 2>&1; }

operator_definitions() {
  local name module=github.com/prometheus-operator/prometheus-operator
  if known podmonitors && known prometheusrules; then return 0; fi
  [ -n "$own_cluster" ] || die "the Prometheus operator's definitions are not in this cluster: install the operator first"
  curl -fsS --retry 3 -m 120 -o "$work/operator.zip" "https://proxy.golang.org/$module/@v/$operator_version.zip" || die "no definitions of the Prometheus operator"
  for name in podmonitors prometheusrules; do
    "$(bin/find-jdk)/bin/jar" --extract --file "$work/operator.zip" --dir "$work" "$module@$operator_version/example/prometheus-operator-crd/monitoring.coreos.com_$name.yaml"
    k apply --server-side -f "$work/$module@$operator_version/example/prometheus-operator-crd/monitoring.coreos.com_$name.yaml" > /dev/null
    k wait --for=condition=Established "customresourcedefinition/$name.monitoring.coreos.com" --timeout=60s > /dev/null
  done
}
