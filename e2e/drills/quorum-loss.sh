# Two of three disks are lost for good: nothing is acknowledged any more. What the third disk has is made a backup, and a new cluster is
# filled from it: every acknowledged write is back.
kn get pvc backup > /dev/null 2>&1 || die "environment $ENVIRONMENT has no volume for backups: run this drill with ENVIRONMENT=partitioned"
client_up
for i in 1 2 3 4 5 6 7 8 9 10; do put "$(service_url)" "quorum/$i" "value $i"; done
for i in 1 2 3 4 5 6 7 8 9 10; do
  eventually 30 "store-0 has quorum/$i" reads "$(pod_url store-0)" "quorum/$i?consistency=stale" "value $i"
done
for i in 1 2; do
  kn delete pvc "data-store-$i" --wait=false > /dev/null
  kn delete pod "store-$i" --wait=false > /dev/null
done
refused() { # a write is not acknowledged, and says so
  local status
  status=$(http PUT "$(pod_url store-0)/v1/kv/quorum/refused" other | head -1)
  [ "$status" = 503 ] || { echo "a write got $status"; return 1; }
}
eventually 120 "no majority is left" refused
reads "$(pod_url store-0)" "quorum/1?consistency=stale" "value 1" || die "what is left cannot be read"
seen "the disks of store-1 and store-2 are gone: writes get 503, stale reads go on from the third"
began=$(now_ms)
switch_environment stopped
eventually 240 "all pods are gone" no_pods
kn delete pod recover --ignore-not-found > /dev/null
kn apply -f - > /dev/null << Y
apiVersion: v1
kind: Pod
metadata: {name: recover}
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    seccompProfile: {type: RuntimeDefault}
  containers:
    - name: recover
      image: $REGISTRY/ashlar/store:$(current_version store)
      args: [recover, --from, /data, /backup/recovered.backup]
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      volumeMounts:
        - {name: data, mountPath: /data}
        - {name: backup, mountPath: /backup}
        - {name: tmp, mountPath: /tmp}
  volumes:
    - {name: data, persistentVolumeClaim: {claimName: data-store-0}}
    - {name: backup, persistentVolumeClaim: {claimName: backup}}
    - {name: tmp, emptyDir: {sizeLimit: 32Mi}}
Y
kn wait --for=jsonpath='{.status.phase}'=Succeeded pod/recover --timeout=180s > /dev/null || die "no recovery: $(kn logs pod/recover --tail=5)"
seen "recovered from the disk of store-0: $(kn logs pod/recover --tail=1)"
kn delete pod recover > /dev/null
kn delete pvc -l app.kubernetes.io/part-of=ashlar > /dev/null
switch_environment recovery
for i in 1 2 3 4 5 6 7 8 9 10; do eventually 60 "quorum/$i is back" reads "$(service_url)" "quorum/$i" "value $i"; done
switch_environment "$ENVIRONMENT"
seen "a new cluster with every acknowledged write, $(ms_since "$began") after the first step"
