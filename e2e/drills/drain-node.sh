# A node is drained for maintenance: its pods leave one by one, writes go on; a second node is refused until the first is back.
client_up
node=$(pod_field store-2 '{.spec.nodeName}')
client_elsewhere "$node"
other=$(pod_field store-1 '{.spec.nodeName}')
uid=$(pod_field store-2 '{.metadata.uid}')
load_start drained
began=$(now_ms)
cordoned=$node
k drain "$node" --ignore-daemonsets --delete-emptydir-data --pod-selector=app.kubernetes.io/part-of=ashlar --timeout=180s > /dev/null 2>&1 || die "the drain of $node was refused"
seen "$node drained in $(ms_since "$began")"
! refused=$(k drain "$other" --ignore-daemonsets --delete-emptydir-data --pod-selector=app.kubernetes.io/name=store --timeout=10s 2>&1) || die "a second node could be drained"
k uncordon "$other" > /dev/null
[[ $refused == *"disruption budget"* ]] || die "the second drain was not refused by the budget: $refused"
seen "$other as well: refused by the disruption budget"
pod_ready store-1 || die "store-1 was evicted"
began=$(now_ms)
uncordon "$node"
eventually 240 "store-2 is back" pod_replaced store-2 "$uid"
seen "$node uncordoned: store-2 ready $(ms_since "$began") later"
load_clean drained
wait_app store 300
wait_app coordinator 300
