# All coordinators are away: reads and writes go on.
client_up
load_start alone
before=$(in_client "wc -l < /tmp/alone.log")
kn delete pods --grace-period=0 --force -l app.kubernetes.io/name=coordinator > /dev/null 2>&1
none_ready() { [ -z "$(kn get endpointslices -l kubernetes.io/service-name=coordinator -o 'jsonpath={.items[*].endpoints[?(@.conditions.ready==true)].targetRef.name}')" ]; }
eventually 120 "no coordinator is ready" none_ready
eventually 120 "writes go on" in_client "[ \$(grep -c ' 20' /tmp/alone.log) -gt $((before + 30)) ]"
seen "no coordinator ready, writes go on"
wait_app coordinator 300
load_clean alone
