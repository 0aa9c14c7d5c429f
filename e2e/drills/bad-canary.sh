# A canary whose image does not exist: only store-2 is down, the others serve, the application is not Healthy; a revert mends it.
client_up
base=$(head_commit)
uid=$(pod_field store-2 '{.metadata.uid}')
load_start bad
set_version store no-such-version
set_partition store 2
push "A version that does not exist, as a canary"
stuck() { [[ $(pod_field store-2 '{.status.containerStatuses[0].state.waiting.reason}') == *Image* ]] || { echo "store-2 does not miss its image yet"; return 1; }; }
eventually 120 "store-2 misses its image" stuck
[ "$(ka get applications.argoproj.io store -o 'jsonpath={.status.health.status}')" != Healthy ] || die "the application says Healthy with a broken canary"
for i in 0 1; do pod_ready "store-$i" || die "store-$i suffers from the canary"; done
seen "store-2 misses its image, application $(ka get applications.argoproj.io store -o 'jsonpath={.status.health.status}'), store-0 and store-1 serve"
revert_to "$base" "Revert the broken canary"
began=$(now_ms)
eventually 240 "store-2 is back" pod_replaced store-2 "$uid"
wait_app store 120
seen "back on the old version $(ms_since "$began") after the revert, without a hand on the cluster"
load_clean bad
