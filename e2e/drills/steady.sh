# Nothing is pushed for ten minutes (STEADY_S seconds): every application stays Synced and Healthy, and no pod is touched.
seconds=${STEADY_S:-600}
before=$(pods_and_restarts)
# every state that Argo CD writes in this time, the one of now first; the watch ends with the time
ka get applications.argoproj.io --watch --request-timeout="${seconds}s" \
  -o 'jsonpath={.metadata.name} {.status.sync.status} {.status.health.status}{"\n"}' > "$work/states" 2> /dev/null || true
states=$(sort "$work/states" | uniq -c | awk '{printf "%s%s %s %s (written %d times)", sep, $2, $3, $4, $1; sep = ", "}')
[ "$(awk '{print $1}' "$work/states" | sort -u | wc -l)" -ge 3 ] || die "not every application was seen: $states"
! grep -qv ' Synced Healthy$' "$work/states" || die "not steady: $states"
[ "$(pods_and_restarts)" = "$before" ] || die "pods were restarted"
seen "$seconds s: $states"
