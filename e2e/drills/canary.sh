# Step by step: version and partition 2 in one commit restart store-2 alone; each further commit lowers the partition by one.
# The last step is reverted as a whole: a rollback is a revert of commits, at the same partition.
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
base=$(head_commit)
set_version store "$new"
for partition in 2 1 0; do
  set_partition store "$partition"
  push "store $new at partition $partition"
  began=$(now_ms)
  wait_app store 240
  eventually 30 "ordinals from $partition run $new" on_version "$(seq -s ' ' "$partition" 2)" "$new"
  [ "$partition" = 0 ] || on_version "$(seq -s ' ' 0 $((partition - 1)))" "$old" || die "a pod below partition $partition was touched"
  seen "partition $partition: Synced and Healthy $(ms_since "$began") after the push, pods below it still run $old"
done
revert_to "$base" "Revert the roll-out of $new"
began=$(now_ms)
wait_app store 300
on_version "0 1 2" "$old" || die "the rollback left a pod behind"
seen "rolled back by revert: all on $old again $(ms_since "$began") after the push"
load_clean canary
