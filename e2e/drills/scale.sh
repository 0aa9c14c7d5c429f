# Scale by commit, 3 to 5 and back: new stores join; stores that go hand over everything first; their claims stay; no request fails.
client_up
put "$(service_url)" drill/before-scale kept
load_start scale
began=$(now_ms)
rollout scale 5
for i in 3 4; do pod_ready "store-$i"; done
seen "5 stores, Synced and Healthy $(ms_since "$began") after the command"
for i in 3 4; do eventually 120 "store-$i answers" reads "$(pod_url "store-$i")" drill/before-scale kept; done
began=$(now_ms)
rollout scale 3
gone() { [ -z "$(kn get pods store-3 store-4 --ignore-not-found -o name)" ] || { echo "they are still there"; return 1; }; }
eventually 240 "store-3 and store-4 are gone" gone
seen "3 stores again $(ms_since "$began") after the command"
[ -n "$(kn get pvc data-store-3 data-store-4 --ignore-not-found -o name)" ] || die "the claims went with the pods"
load_clean scale
reads "$(service_url)" drill/before-scale kept
