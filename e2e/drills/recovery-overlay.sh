# A lost cluster from its nightly backup, by commits: environment `stopped`, claims deleted (the data is gone for good), environment
# `recovery`: a new cluster forms and a Job fills it. Back in the environment of before nothing restarts. With STEADY_S both
# environments stay Synced and Healthy for so many seconds.
kn get cronjob backup > /dev/null 2>&1 || die "environment $ENVIRONMENT has no backup: run this drill with ENVIRONMENT=partitioned"
cluster_id() { http GET "$(service_url)/v1/cluster" | grep -o '"cluster_id" *: *"[^"]*"'; }
client_up
for i in 1 2 3 4 5 6 7 8 9 10; do put "$(service_url)" "recovery/$i" "value $i"; done
kn delete job backup-now --ignore-not-found > /dev/null
kn create job backup-now --from=cronjob/backup > /dev/null
kn wait --for=condition=Complete job/backup-now --timeout=300s > /dev/null || die "no backup: $(kn logs job/backup-now --tail=5)"
seen "backup: $(kn logs job/backup-now --tail=1)"
put "$(service_url)" recovery/later "after the backup"
lost=$(cluster_id)
began=$(now_ms)
switch_environment stopped
eventually 240 "all pods are gone" no_pods
seen "stopped $(ms_since "$began") after the push"
[ -z "${STEADY_S:-}" ] || stays_steady "$STEADY_S"
kn delete pvc -l app.kubernetes.io/part-of=ashlar > /dev/null
began=$(now_ms)
switch_environment recovery
seen "a new cluster, filled, Synced and Healthy $(ms_since "$began") after the push: $(kn logs job/restore --tail=1)"
[ -z "${STEADY_S:-}" ] || stays_steady "$STEADY_S"
for i in 1 2 3 4 5 6 7 8 9 10; do eventually 60 "recovery/$i is back" reads "$(service_url)" "recovery/$i" "value $i"; done
[ "$(http GET "$(service_url)/v1/kv/recovery/later" | head -1)" = 404 ] || die "a key that was written after the backup is there"
found=$(cluster_id)
[ -n "$found" ] && [ "$found" != "$lost" ] || die "this is not a new cluster: $found"
seen "every key of the backup is there, the one written after it is not; another cluster id"
pods=$(pods_and_restarts)
switch_environment "$ENVIRONMENT"
[ "$(pods_and_restarts)" = "$pods" ] || die "going back to $ENVIRONMENT restarted pods"
kn delete job backup-now --ignore-not-found > /dev/null
seen "back in $ENVIRONMENT, no pod restarted"
