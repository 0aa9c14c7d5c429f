# Waiting for conditions: each says what it saw last when it gives up.

eventually() { # SECONDS TEXT COMMAND...
  local until=$((SECONDS + $1)) text=$2 last
  shift 2
  until last=$("$@" 2>&1); do
    [ $SECONDS -lt $until ] || die "$text: not within the time; last seen: ${last:-nothing}"
    sleep 0.3
  done
}

app_state() { # APP
  ka get applications.argoproj.io "$1" -o 'jsonpath={.status.sync.status} {.status.health.status} {.status.sync.revision} {.status.operationState.phase}'
}

app_at() { # APP COMMIT
  local state
  state=$(app_state "$1")
  [ "$state" = "Synced Healthy $2 Succeeded" ] || { echo "$1: $state, wanted $2"; return 1; }
}

# An application is Synced and Healthy at the newest commit of the deployed repository.
wait_app() { # APP SECONDS
  eventually "$2" "application $1 Synced and Healthy" app_at "$1" "$(head_commit)"
}

# Both services after a push.
wait_services() { wait_app coordinator 300; wait_app store 600; }

pod_field() { kn get pod "$1" -o "jsonpath=$2" 2> /dev/null; }
pod_ready() { [ "$(pod_field "$1" '{.status.conditions[?(@.type=="Ready")].status}')" = True ] || { echo "$1 is not ready"; return 1; }; }
pod_replaced() { # POD OLD-UID: another pod of this name is ready
  local uid
  uid=$(pod_field "$1" '{.metadata.uid}')
  [ -n "$uid" ] && [ "$uid" != "$2" ] || { echo "$1 is still the old pod or gone"; return 1; }
  pod_ready "$1"
}

# A line for each pod of the deployment, which is another one when the pod was replaced or its process started again.
pods_and_restarts() {
  kn get pods -l app.kubernetes.io/part-of=ashlar -o 'jsonpath={range .items[*]}{.metadata.uid} {.status.containerStatuses[*].restartCount}{"\n"}{end}' | sort
}

# Every shard is at full strength: the coordinators would let store-0 restart.
strong() {
  local answer
  answer=$(k get --raw "/api/v1/namespaces/$namespace/services/coordinator:http/proxy/v1/gate?statefulset=store&ordinal=0")
  [[ $answer == *'"verdict":"proceed"'* ]] || { echo "$answer"; return 1; }
}

# Nothing is pushed for this time: every application stays Synced and Healthy, and no pod is touched.
stays_steady() { # SECONDS
  local before states
  before=$(pods_and_restarts)
  # every state that Argo CD writes in this time, the one of now first; the watch ends with the time
  ka get applications.argoproj.io --watch --request-timeout="${1}s" \
    -o 'jsonpath={.metadata.name} {.status.sync.status} {.status.health.status}{"\n"}' > "$work/states" 2> /dev/null || true
  states=$(sort "$work/states" | uniq -c | awk '{printf "%s%s %s %s (written %d times)", sep, $2, $3, $4, $1; sep = ", "}')
  [ "$(awk '{print $1}' "$work/states" | sort -u | wc -l)" -ge 3 ] || die "not every application was seen: $states"
  ! grep -qv ' Synced Healthy$' "$work/states" || die "not steady: $states"
  [ "$(pods_and_restarts)" = "$before" ] || die "pods were restarted"
  seen "steady for $1 s: $states"
}
