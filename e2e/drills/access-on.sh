# Tokens go on in a cluster that serves, in two roll-outs (auth/prepare, then auth): no request fails. TLS goes on with a stop
# (environment `stopped`, then back with tls): all data is there. Both go off again with another stop.
[ -f "$(deployed)/gitops/overlays/$ENVIRONMENT/store/rollout.yaml" ] || die "run this drill with ENVIRONMENT=partitioned: its Jobs need tokens and the authority, too"
client_up
plain=$(head_commit)
components() { # NAME...: these at the end of the list of both overlays, none of the others, not yet committed
  local name service
  sed -i '\#components/auth#d; \#components/tls#d' "$(deployed)/gitops/overlays/$ENVIRONMENT"/{store,coordinator}/kustomization.yaml
  for service in store coordinator; do
    for name in "$@"; do add_component "$service" "$name"; done
  done
}
answer() { http GET "$(service_url)/v1/kv/access/kept" | tr '\n' ' '; }

"$(deployed)/gitops/components/auth/make-tokens" "$work/auth" drill:admin 2> "$work/tokens" > /dev/null
"$(deployed)/gitops/components/tls/make-certificates" "$work/tls" > /dev/null 2>&1
for secret in auth tls; do
  files=()
  for file in "$work/$secret"/*; do [ "$file" = "$work/tls/ca.key" ] || files+=("--from-file=$file"); done
  kn create secret generic "ashlar-$secret" "${files[@]}" --dry-run=client -o yaml | k apply -f - > /dev/null
done
put "$(service_url)" access/kept before
feed_client 'cat > /tmp/curlrc' <<< "header = \"Authorization: Bearer $(sed -n 's/^drill: //p' "$work/tokens")\""

load_start access
for name in auth/prepare auth; do
  began=$(now_ms)
  components "$name"
  push "Component $name"
  wait_services
  seen "component $name: rolled out, Synced and Healthy $(ms_since "$began") after the push"
done
load_clean access
[ "$(in_client "curl -s -o /dev/null -w '%{http_code}' $(service_url)/v1/kv/access/kept")" = 401 ] || die "a request without a token was answered"
[ "$(answer)" = '200 before ' ] || die "with a token: $(answer)"
seen "without a token 401, with one 200"

stop_and_start() { # NAME...: with these components
  local began
  began=$(now_ms)
  switch_environment stopped
  eventually 240 "all pods are gone" no_pods
  components "$@"
  switch_environment "$ENVIRONMENT"
  eventually 120 "the store answers" answered
  seen "stopped and started with ${*:-neither}: Synced and Healthy $(ms_since "$began") after the first push"
}
answered() { local seen; seen=$(answer); [ "$seen" = '200 before ' ] || { echo "$seen"; return 1; }; }
feed_client 'cat > /tmp/ca.crt' < "$work/tls/ca.crt"
in_client 'echo "cacert = /tmp/ca.crt" >> /tmp/curlrc'
service_scheme=https
stop_and_start tls auth
[ "$(in_client "curl -s -m 10 -o /dev/null -w '%{http_code}' http://store.$namespace.svc.cluster.local:8080/v1/cluster" || true)" != 200 ] || die "plain http was answered"
seen "over TLS the key of before is there, plain http is not answered"
backup=backup-access
kn delete job $backup --ignore-not-found > /dev/null
kn create job $backup --from=cronjob/backup > /dev/null
kn wait --for=condition=Complete job/$backup --timeout=300s > /dev/null || die "no backup: $(kn logs job/$backup --tail=5)"
seen "with a token over TLS: $(kn logs job/$backup --tail=1)"
kn delete job $backup > /dev/null

service_scheme=http
stop_and_start
in_client ': > /tmp/curlrc'
kn delete secret ashlar-auth ashlar-tls > /dev/null
[ "$(git -C "$(deployed)" diff "$plain" --stat)" = '' ] || die "the repository is not what it was"
