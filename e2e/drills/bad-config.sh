# A change that makes the canary crash: the application turns Degraded with the reason, the others serve, and a revert mends it.
client_up
base=$(head_commit)
uid=$(pod_field store-2 '{.metadata.uid}')
load_start crash
cat >> "$(deployed)/gitops/base/store/environment.yaml" << 'Y'
- op: add
  path: /spec/template/spec/containers/0/env/-
  value: {name: ASHLAR_DATA_DIR, value: /proc/nowhere}
Y
set_partition store 2
push "A data directory that cannot be, as a canary"
degraded() {
  local state
  state=$(ka get applications.argoproj.io store -o 'jsonpath={.status.health.status} {.status.resources[?(@.kind=="StatefulSet")].health.message}')
  [[ $state == Degraded* ]] || { echo "$state"; return 1; }
  echo "$state"
}
eventually 300 "the application is Degraded" degraded
seen "$(degraded)"
for i in 0 1; do pod_ready "store-$i" || die "store-$i suffers from the canary"; done
revert_to "$base" "Revert the data directory"
began=$(now_ms)
eventually 300 "store-2 is back" pod_replaced store-2 "$uid"
wait_app store 300
seen "back on the old configuration $(ms_since "$began") after the revert, without a hand on the cluster"
load_clean crash
