# Step by step with the commands of an operator: `release` restarts store-2 alone, each `promote` one pod more, after asking the gate;
# a second release meanwhile is refused. `rollback` reverts the commits: all pods run the old version again.
client_up
old=$(current_version store) new=$old-canary
retag ashlar/store "$old" "$new"
on_version() { # ORDINALS VERSION: these pods are ready and run it
  local i
  for i in $1; do
    [[ $(pod_field "store-$i" '{.spec.containers[0].image}') == *:$2 ]] || { echo "store-$i runs $(pod_field "store-$i" '{.spec.containers[0].image}')"; return 1; }
    pod_ready "store-$i" || return 1
  done
}
load_start canary
for partition in 2 1 0; do
  began=$(now_ms)
  if [ "$partition" = 2 ]; then
    rollout release "$new"
    ! refused=$(rollout release "$new-other") || die "a second release was not refused"
    seen "a second release meanwhile: ${refused#rollout: }"
  else
    rollout promote
  fi
  eventually 120 "ordinals from $partition run $new" on_version "$(seq -s ' ' "$partition" 2)" "$new"
  [ "$partition" = 0 ] || on_version "$(seq -s ' ' 0 $((partition - 1)))" "$old" || die "a pod below partition $partition was touched"
  seen "partition $partition: Synced and Healthy $(ms_since "$began") after the command, pods below it still run $old"
done
began=$(now_ms)
rollout rollback
on_version "0 1 2" "$old" || die "the rollback left a pod behind"
seen "rolled back: all on $old again $(ms_since "$began") after the command"
load_clean canary
