# The components zone-spread and monitoring come by a push into an environment that serves, stay Synced and Healthy (STEADY_S seconds,
# ten minutes unless told) and go by another: no request fails. Monitoring opens the metrics to the namespace `monitoring` alone.
operator_definitions || { seen "**not run**: this cluster does not know the Prometheus operator's definitions"; return 0; }
client_up
plain=$(head_commit)
scrape() { # NAMESPACE: status of the metrics of store-0, asked from there
  (client_namespace=$1; in_client "curl -s --connect-timeout 2 -m 10 -o /dev/null -w '%{http_code}' http://store-0.store-headless.$namespace.svc.cluster.local:9000/q/metrics || true")
}
scraped() { local answer; answer=$(scrape "$1"); [ "$answer" = "$2" ] || { echo "from $1: $answer, wanted $2"; return 1; }; }

(client_namespace=monitoring; client_up)
scraped monitoring 000 || die "metrics are open before the component is there"
load_start components
began=$(now_ms)
add_component coordinator zone-spread
add_component store zone-spread
add_component store monitoring
push "Components zone-spread and monitoring"
wait_services
seen "Synced and Healthy $(ms_since "$began") after the push"
eventually 60 "the namespace monitoring reads the metrics" scraped monitoring 200
scraped "$client_namespace" 000 || die "metrics are open to every namespace"
seen "metrics: 200 for the namespace monitoring, no connection from $client_namespace"
port=$(kn get podmonitor ashlar -o 'jsonpath={.spec.podMetricsEndpoints[0].port}')
for pod in $(kn get pods -l app.kubernetes.io/part-of=ashlar -o 'jsonpath={.items[*].metadata.name}'); do
  [ "$(pod_field "$pod" "{.spec.containers[*].ports[?(@.name==\"$port\")].containerPort}")" = 9000 ] || die "$pod has no port $port for its PodMonitor"
  [[ $(pod_field "$pod" '{.spec.topologySpreadConstraints[*].topologyKey}') == *topology.kubernetes.io/zone* ]] || die "$pod is not spread over zones"
done
seen "$(kn get prometheusrule ashlar -o 'jsonpath={.spec.groups[0].rules[*].alert}' | wc -w) alerts; the PodMonitor's port is that of every pod; every pod is spread over zones"
stays_steady "${STEADY_S:-600}"
began=$(now_ms)
revert_to "$plain" "Without them"
wait_services
seen "without them Synced and Healthy $(ms_since "$began") after the push"
load_clean components
(! kn get podmonitor ashlar > /dev/null 2>&1) || die "the PodMonitor is still there"
eventually 60 "the namespace monitoring is shut out again" scraped monitoring 000
k delete namespace monitoring --wait=false > /dev/null
