# A version that does not exist is pushed: it stops at the gate, whose Job needs the same image. No pod is touched; a revert mends it.
client_up
base=$(head_commit)
uids=$(kn get pods -l app.kubernetes.io/name=store -o 'jsonpath={.items[*].metadata.uid}')
load_start bad
! refused=$(rollout release no-such-version) || die "a release of an image that does not exist was not refused"
seen "make release: ${refused#rollout: }"
set_version store no-such-version
set_partition store 2
push "A version that does not exist, past the command that refuses it"
missing() {
  local reason
  reason=$(kn get pods -l app.kubernetes.io/name=store-gate -o 'jsonpath={.items[*].status.containerStatuses[0].state.waiting.reason}')
  [[ $reason == *Image* ]] || { echo "the gate's pod: $reason"; return 1; }
}
eventually 120 "the gate's Job misses the image" missing
seen "the gate's Job misses the image, application $(ka get applications.argoproj.io store -o 'jsonpath={.status.sync.status}')"
revert_to "$base" "Revert the version that does not exist"
began=$(now_ms)
wait_app store 300
seen "Synced and Healthy $(ms_since "$began") after the revert, without a hand on the cluster"
[ "$(kn get pods -l app.kubernetes.io/name=store -o 'jsonpath={.items[*].metadata.uid}')" = "$uids" ] || die "a store was restarted"
load_clean bad
