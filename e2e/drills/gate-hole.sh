# One store is down, and a push would restart another: the gate holds the sync and says why. When the store is back the same push goes
# through by itself.
client_up
old=$(current_version store) new=$old-gated
retag ashlar/store "$old" "$new"
load_start gated
node=$(pod_field store-0 '{.spec.nodeName}')
uid2=$(pod_field store-2 '{.metadata.uid}') uid1=$(pod_field store-1 '{.metadata.uid}')
cordon "$node"
kn delete pod store-0 --wait=false > /dev/null
pending() { [ "$(pod_field store-0 '{.status.phase}')" = Pending ] || { echo "store-0 is not yet Pending"; return 1; }; }
eventually 120 "store-0 finds no node" pending
WAIT=0 rollout release "$new"
held() {
  local message
  message=$(ka get applications.argoproj.io store -o 'jsonpath={.status.operationState.phase} {.status.operationState.message} {.status.operationState.syncResult.resources[?(@.kind=="Job")].message}')
  [[ $message == *"gate holds"* ]] || { echo "$message"; return 1; }
  held_because=$(grep -o 'gate holds.*' <<< "$message" | head -1)
}
eventually 240 "the gate holds" held
held > /dev/null
seen "store-0 down, $new pushed: $held_because"
[ "$(pod_field store-1 '{.metadata.uid}') $(pod_field store-2 '{.metadata.uid}')" = "$uid1 $uid2" ] || die "a store was restarted while store-0 is down"
began=$(now_ms)
uncordon "$node"
eventually 300 "store-2 gets the new version" pod_replaced store-2 "$uid2"
seen "store-0 may run again: store-2 is on $new $(ms_since "$began") later, without a hand"
wait_app store 300
rollout rollback
load_clean gated
