# The coordinator that leads is killed: another one takes over, and clients notice nothing.
client_up
leader() {
  k get --raw "/api/v1/namespaces/$namespace/services/coordinator:http/proxy/v1/cluster" |
    grep -o '"name":"coordinator-[0-9]","http_address":"[^"]*","leader":true' | sed 's/"name":"\([^"]*\)".*/\1/'
}
old=$(leader)
[ -n "$old" ] || die "no coordinator leads"
uid=$(pod_field "$old" '{.metadata.uid}')
load_start leader
began=$(now_ms)
kn delete pod "$old" --grace-period=0 --force > /dev/null 2>&1
another() { local now; now=$(leader) && [ -n "$now" ] && [ "$now" != "$old" ] || { echo "leader: ${now:-none}"; return 1; }; }
eventually 120 "another coordinator leads" another
seen "$old killed, $(leader) leads $(ms_since "$began") later"
eventually 240 "$old is back" pod_replaced "$old" "$uid"
load_clean leader
wait_app coordinator 300
