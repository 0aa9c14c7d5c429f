# All pods of both services are killed at once: everything comes back by itself, with all data.
client_up
load_start cold
eventually 120 "writes" in_client "[ \$(wc -l < /tmp/cold.log) -ge 100 ]"
in_client "touch /tmp/cold.stop"
uids=$(kn get pods -l app.kubernetes.io/part-of=ashlar -o 'jsonpath={range .items[*]}{.metadata.name}={.metadata.uid} {end}')
began=$(now_ms)
kn delete pods --grace-period=0 --force -l 'app.kubernetes.io/name in (store, coordinator)' > /dev/null 2>&1
for pair in $uids; do
  case ${pair%%=*} in
    store-[0-9] | coordinator-[0-9]) eventually 300 "${pair%%=*} is back" pod_replaced "${pair%%=*}" "${pair#*=}" ;;
  esac
done
seen "all pods ready again $(ms_since "$began") after they were killed"
load_stop cold
no_write_lost
wait_app coordinator 300
wait_app store 300
