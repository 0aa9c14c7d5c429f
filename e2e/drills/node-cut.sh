# The node of store-2 loses its network: writes go on through the other two; the node returns and nothing is lost.
client_up
node=$(pod_field store-2 '{.spec.nodeName}')
client_elsewhere "$node"
load_start cut "$(pod_url store-2)" "$(pod_url store-1)" "$(pod_url store-0)"
stall_start cut-shards "$(pod_url store-1)" "$(pod_url store-0)"
before=$(in_client "wc -l < /tmp/cut.log")
began=$(now_ms)
node_fault cut "$node" > /dev/null
progress() { [ "$(in_client "grep -c ' 20' /tmp/cut.log")" -gt $((before + 60)) ]; }
eventually 120 "writes go on without $node" progress
seen "$node cut off; 60 more writes acknowledged within $(ms_since "$began")"
eventually 120 "$node is NotReady" node_ready "$node" Unknown
stall_stop cut-shards
node_fault heal "$node" > /dev/null
began=$(now_ms)
eventually 120 "$node is Ready" node_ready "$node" True
eventually 180 "store-2 is ready again" pod_ready store-2
seen "$node back: store-2 ready $(ms_since "$began") later"
load_stop cut
no_write_lost
wait_app store 300
