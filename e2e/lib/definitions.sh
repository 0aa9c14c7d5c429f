# Definitions of the Prometheus operator, which the component monitoring wants.

known() { k get customresourcedefinition "$1.monitoring.coreos.com" > /dev/null 2>&1; }

# Those of the cluster; a test cluster that has none gets the operator's own, from its Go module by the Go command.
operator_definitions() {
  local name folder module=github.com/prometheus-operator/prometheus-operator@v0.85.0
  known podmonitors && known prometheusrules && return 0
  [ -n "$own_cluster" ] && command -v go > /dev/null || return 1
  folder=$(cd "$work" && go mod download -json "$module" | sed -n 's/^\t"Dir": "\(.*\)",*$/\1/p')/example/prometheus-operator-crd
  for name in podmonitors prometheusrules; do
    k apply --server-side -f "$folder/monitoring.coreos.com_$name.yaml" > /dev/null || die "no definition of $name: $module"
    k wait --for=condition=Established "customresourcedefinition/$name.monitoring.coreos.com" --timeout=60s > /dev/null
  done
}
