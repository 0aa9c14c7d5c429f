# Pushes that cannot be right, and one while Argo CD is away: each is told where it is looked for, and no pod is touched by it.
[ -f "$(deployed)/gitops/overlays/$ENVIRONMENT/store/rollout.yaml" ] || die "environment $ENVIRONMENT has no gate: run this drill with ENVIRONMENT=partitioned"
client_up
base=$(head_commit)
untouched() { [ "$(pods_and_restarts)" = "$before" ] || die "$1 touched a pod"; }
before=$(pods_and_restarts)
load_start pushes

# the root application is told another repository; what it has brought up stays
parameter repoURL "${GIT_URL%/*}/no-such-repository.git"
k apply --server-side --force-conflicts -k "$(deployed)/gitops/bootstrap" > /dev/null
told() { # APP TYPE: the message of this condition
  local message
  message=$(ka get applications.argoproj.io "$1" -o "jsonpath={.status.conditions[?(@.type==\"$2\")].message}")
  [ -n "$message" ] || { echo "$1 has no condition $2"; return 1; }
  echo "$message"
}
eventually 180 "Argo CD says that the repository is wrong" told ashlar ComparisonError
message=$(told ashlar ComparisonError)
seen "a wrong repository: ${message:0:200}"
git -C "$(deployed)" checkout -q .
k apply --server-side --force-conflicts -k "$(deployed)/gitops/bootstrap" > /dev/null
wait_app ashlar 180
untouched "a wrong repository"

parameter registry registry.invalid/nowhere
push "A registry that does not exist"
missing() {
  local reason
  reason=$(kn get pods -l app.kubernetes.io/name=store-gate -o 'jsonpath={.items[*].status.containerStatuses[0].state.waiting.reason} {.items[*].status.containerStatuses[0].state.waiting.message}')
  [[ $reason == *Image* || $reason == *Pull* ]] || { echo "the gate's pod: $reason"; return 1; }
  echo "$reason"
}
eventually 180 "the gate's Job misses the image" missing
message=$(missing)
seen "a wrong registry: the gate's Job: ${message:0:200}"
revert_to "$base" "Back to the registry"
wait_app coordinator 400
wait_app store 400
untouched "a wrong registry"

set_partition store 7
push "A partition above the number of pods"
wait_app store 300
! refused=$(rollout promote) || die "a partition above the number of pods was promoted"
seen "partition 7 of 3 pods holds every pod back; make promote: ${refused#rollout: }"
untouched "a partition above the number of pods"
revert_to "$base" "Back to the partition"
wait_app store 300

argocd_off
version=$(current_version store)
retag ashlar/store "$version" "$version-pushed"
! late=$(WAIT=15 rollout release "$version-pushed") || die "a push was seen through although Argo CD is away"
seen "make release while Argo CD is away: $(tail -1 <<< "${late#rollout: }")"
untouched "a push while Argo CD is away"
argocd_on
wait_app store 400
seen "with Argo CD back the release goes on by itself: store-2 runs $(pod_field store-2 '{.spec.containers[0].image}' | sed 's/.*://')"
[[ $(pod_field store-2 '{.spec.containers[0].image}') == *:$version-pushed ]] || die "the canary does not run the release"
rollout rollback | tail -1
load_clean pushes
