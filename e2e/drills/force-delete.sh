# The node of store-2 is cut off with its process alive, and somebody force-deletes the pod. The old process serves no linearizable read and
# acknowledges no write; no write is lost; when the node is back the old process ends and store-2 goes on with its data.
client_up
node=$(pod_field store-2 '{.spec.nodeName}')
client_elsewhere "$node"
put "$(service_url)" drill/fence old
old_ip=$(pod_field store-2 '{.status.podIP}') uid=$(pod_field store-2 '{.metadata.uid}')
load_start force "$(pod_url store-2)" "$(pod_url store-1)" "$(pod_url store-0)"
node_fault cut "$node" > /dev/null
eventually 120 "$node is NotReady" node_ready "$node" Unknown
kn delete pod store-2 --grace-period=0 --force > /dev/null 2>&1
another() { local now; now=$(pod_field store-2 '{.metadata.uid}'); [ -n "$now" ] && [ "$now" != "$uid" ] || { echo "no second store-2 yet"; return 1; }; }
eventually 120 "a second store-2 is made" another
eventually 120 "the others take writes" put "$(service_url)" drill/fence new
for try in 1 2 3 4 5 6; do
  read_status=$(node_exec "$node" curl -s -m 8 -o /dev/null -w '%{http_code}' "http://$old_ip:8080/v1/kv/drill/fence" || true)
  write_status=$(node_exec "$node" curl -s -m 8 -o /dev/null -w '%{http_code}' -X PUT -d stale "http://$old_ip:8080/v1/kv/drill/fence" || true)
  case "$read_status $write_status" in *20[0-9]*) die "the old process answered: read $read_status, write $write_status" ;; esac
done
seen "the old process on $node, asked 6 times: read $read_status, write $write_status (never 200)"
seen "the second store-2 meanwhile: $(kn get pod store-2 --no-headers | awk '{print $3, "after", $4, "restarts"}')"
node_fault heal "$node" > /dev/null
began=$(now_ms)
eventually 300 "store-2 is ready" pod_replaced store-2 "$uid"
seen "$node back: store-2 ready $(ms_since "$began") later"
eventually 120 "store-2 has the newest value" reads "$(pod_url store-2)" drill/fence new
load_stop force
no_write_lost
wait_app store 300
wait_app coordinator 300
