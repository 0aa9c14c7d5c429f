# The volume of store-2 is lost with its claim: the pod comes back empty under its name and is rebuilt from the others.
# FILL_MIB=1024 writes as much before: how long does it take to copy?
client_up
put "$(service_url)" drill/before-loss kept
[ "${FILL_MIB:-0}" = 0 ] || fill "$FILL_MIB"
load_start loss
old=$(kn get pvc data-store-2 -o 'jsonpath={.spec.volumeName}')
uid=$(pod_field store-2 '{.metadata.uid}')
kn delete pvc data-store-2 --wait=false > /dev/null
kn delete pod store-2 --wait=false > /dev/null
began=$(now_ms)
eventually 240 "store-2 is back and ready" pod_replaced store-2 "$uid"
new=$(kn get pvc data-store-2 -o 'jsonpath={.spec.volumeName}')
[ "$new" != "$old" ] || die "store-2 still has the volume $old"
seen "store-2 ready on the new volume $new $(ms_since "$began") after the loss of $old"
eventually 240 "full strength" strong
seen "full strength $(ms_since "$began") after the loss"
eventually 120 "store-2 answers" reads "$(pod_url store-2)" drill/before-loss kept
load_clean loss
wait_app store 300
