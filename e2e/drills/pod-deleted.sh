# A deleted pod comes back under its name, with its volume and its data, while writes go on.
client_up
put "$(service_url)" drill/before-delete kept
volume=$(kn get pvc data-store-1 -o 'jsonpath={.spec.volumeName}')
uid=$(pod_field store-1 '{.metadata.uid}')
load_start delete
began=$(now_ms)
kn delete pod store-1 --wait=false > /dev/null
eventually 120 "store-1 is back and ready" pod_replaced store-1 "$uid"
seen "store-1 ready again $(ms_since "$began") after the delete"
[ "$(kn get pvc data-store-1 -o 'jsonpath={.spec.volumeName}')" = "$volume" ] || die "store-1 has another volume"
eventually 120 "store-1 answers" reads "$(pod_url store-1)" drill/before-delete kept
load_clean delete
wait_app store 300
