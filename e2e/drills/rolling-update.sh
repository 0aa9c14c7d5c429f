# One push of version.yaml: the stores restart one after the other, highest ordinal first, and no request fails.
client_up
old=$(current_version store) new=$old-next
retag ashlar/store "$old" "$new"
load_start rolling
set_version store "$new"
push "Roll the stores to $new"
began=$(now_ms)
restarting() { [ -n "$(pod_field store-2 '{.metadata.deletionTimestamp}')" ] || [[ $(pod_field store-2 '{.spec.containers[0].image}') == *:$new ]]; }
eventually 120 "the first pod restarts" restarting
seen "first pod restarting $(ms_since "$began") after the push"
wait_app store 300
seen "Synced and Healthy $(ms_since "$began") after the push"
for i in 0 1 2; do
  [[ $(pod_field "store-$i" '{.spec.containers[0].image}') == *:$new ]] || die "store-$i does not run $new"
done
load_clean rolling
