# The node of store-2 loses its power: writes go on through the other two; with the node back the pod starts again with its data.
client_up
node=$(pod_field store-2 '{.spec.nodeName}')
client_elsewhere "$node"
load_start off "$(pod_url store-2)" "$(pod_url store-1)" "$(pod_url store-0)"
stall_start off-shards "$(pod_url store-1)" "$(pod_url store-0)"
before=$(in_client "wc -l < /tmp/off.log")
began=$(now_ms)
node_fault kill "$node" > /dev/null
eventually 120 "writes go on without $node" in_client "[ \$(grep -c ' 20' /tmp/off.log) -gt $((before + 60)) ]"
seen "$node off; 60 more writes acknowledged within $(ms_since "$began")"
eventually 120 "$node is NotReady" node_ready "$node" Unknown
stall_stop off-shards
node_fault heal "$node" > /dev/null
began=$(now_ms)
eventually 120 "$node is Ready" node_ready "$node" True
eventually 240 "store-2 is ready again" pod_ready store-2
seen "$node back: store-2 ready $(ms_since "$began") later"
load_stop off
no_write_lost
wait_app store 300
wait_app coordinator 300
