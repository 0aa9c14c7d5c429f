# What a StatefulSet gives and a ReplicaSet does not: after a delete the pod of the set comes back under its name, the other under a new one.
kn_client() { k -n "$client_namespace" "$@"; }
client_up
kn_client apply -f - > /dev/null << Y
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: plain}
spec:
  replicas: 1
  selector: {matchLabels: {app: plain}}
  template:
    metadata: {labels: {app: plain}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: plain, image: "$CLIENT_IMAGE", command: [sh, -c, 'exec sleep 86400']}]
Y
plain() { kn_client get pods -l app=plain --field-selector=status.phase=Running -o 'jsonpath={.items[*].metadata.name}'; }
one_runs() { [ "$(plain | wc -w)" = 1 ] && [ "$(plain)" != "${1:-}" ] || { echo "running: $(plain)"; return 1; }; }
eventually 120 "a pod of the ReplicaSet runs" one_runs
first=$(plain)
kn_client delete pod "$first" > /dev/null
eventually 120 "another pod of the ReplicaSet runs" one_runs "$first"
seen "ReplicaSet: $first deleted, $(plain) took its place; StatefulSet: store-1 came back as store-1 with its claim (pod-deleted)"
kn_client delete replicaset plain > /dev/null
