# Somebody edits the cluster by hand: Argo CD puts back what the repository says.
kn scale statefulset coordinator --replicas=2 > /dev/null
began=$(now_ms)
replicas_are() { [ "$(kn get statefulset coordinator -o 'jsonpath={.spec.replicas}')" = "$1" ] || { echo "not $1 replicas"; return 1; }; }
eventually 120 "the drift is healed" replicas_are 3
seen "3 replicas again $(ms_since "$began") after the edit"
wait_app coordinator 300
