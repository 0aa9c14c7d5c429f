# The cluster, Argo CD, the registry and the git repository: those given, or test ones.

# the overlay that is deployed; partitioned wants nodes with zones, and has the gate
ENVIRONMENT=${ENVIRONMENT:-rolling}
repository=$(pwd)
TEST_TOOLS=${TEST_TOOLS:-}
namespace=ashlar
own_cluster='' own_argocd=''

k() { kubectl "$@"; }
kn() { kubectl -n "$namespace" "$@"; }
ka() { kubectl -n argocd "$@"; }

environment_up() {
  if [ -z "${KUBECONFIG:-}" ]; then
    [ -x "$TEST_TOOLS/cluster/cluster" ] || die "no cluster: set KUBECONFIG, REGISTRY, GIT_PUSH_URL and GIT_URL (docs/operations/install.md), or TEST_TOOLS to a folder with cluster/cluster and argocd/argocd; it is '${TEST_TOOLS}'"
    own_cluster=1
    "$TEST_TOOLS/cluster/cluster" up --images
    KUBECONFIG=$("$TEST_TOOLS/cluster/cluster" kubeconfig)
    REGISTRY=${REGISTRY:-localhost:5000}
    BASE_JVM_IMAGE=${BASE_JVM_IMAGE:-$REGISTRY/base/jre:25}
    BASE_NATIVE_IMAGE=${BASE_NATIVE_IMAGE:-$REGISTRY/base/native:1}
    CLIENT_IMAGE=${CLIENT_IMAGE:-$REGISTRY/base/jre:25}
    PLAIN_HTTP=${PLAIN_HTTP:-true}
  fi
  export KUBECONFIG
  if [ -n "$own_cluster" ]; then
    kubectl() { "$TEST_TOOLS/cluster/cluster" kubectl "$@"; } # of the cluster's version
  else
    command -v kubectl > /dev/null || die "kubectl is needed"
  fi
  if [ -z "${GIT_URL:-}" ]; then
    [ -x "$TEST_TOOLS/argocd/argocd" ] || die "no repository: set GIT_URL and GIT_PUSH_URL (docs/operations/install.md), or TEST_TOOLS to a folder with argocd/argocd; it is '${TEST_TOOLS}'"
    own_argocd=1
    # A definition that was created just now has no conditions yet, and waiting for one of them ends with an error: once more, then.
    local tries=0
    until "$TEST_TOOLS/argocd/argocd" up --kubeconfig "$KUBECONFIG"; do
      tries=$((tries + 1))
      [ $tries -lt 3 ] || die "Argo CD does not come up"
    done
    GIT_PUSH_URL=$("$TEST_TOOLS/argocd/argocd" repo-url)
    GIT_URL=http://git.test/gitops.git
  fi
  : "${REGISTRY:?set REGISTRY to where pods pull images from}" "${GIT_PUSH_URL:=$GIT_URL}"
  CLIENT_IMAGE=${CLIENT_IMAGE:-docker.io/curlimages/curl:8.16.0}
  kubernetes_version=$(k version -o json | sed -n '/serverVersion/,$s/.*"gitVersion": *"\([^"]*\)".*/\1/p')
  say "cluster: Kubernetes $kubernetes_version, $(k get nodes --no-headers | wc -l) nodes"
}

environment_down() {
  [ -z "$own_argocd" ] || "$TEST_TOOLS/argocd/argocd" down --purge || true
  [ -z "$own_cluster" ] || "$TEST_TOOLS/cluster/cluster" down || true
  if [ -z "$own_cluster" ]; then
    k delete namespace ashlar-client --ignore-not-found --wait=false || true
  fi
}

# What somebody needs who reads a red CI run.
show_trouble() {
  {
    echo "---- state at the failure"
    ka get applications.argoproj.io -o wide || true
    kn get statefulsets,pods,pvc -o wide || true
    kn get events --sort-by=.lastTimestamp | tail -20 || true
    local pod
    for pod in $(kn get pods -o name); do
      echo "---- $pod"
      kn logs "$pod" --all-containers | grep -nE -A12 ' (ERROR|FATAL) |^[a-z.]+\.[A-Z][A-Za-z]*(Exception|Error)' | head -40 || true
      kn logs "$pod" --tail=25 --all-containers || true
      kn logs "$pod" --tail=15 --previous 2> /dev/null || true
    done
  } >&2
}

# Builds and pushes the images that the drills run; IMAGES=ready takes those that are there.
images_up() {
  image_mode=$([ -n "${NATIVE:-}" ] && echo native || echo JVM)
  [ "${IMAGES:-build}" != ready ] || return 0
  local began=$SECONDS
  make -s images REGISTRY="${PUSH_REGISTRY:-$REGISTRY}" PLAIN_HTTP="${PLAIN_HTTP:-false}" NATIVE="${NATIVE:-}" \
    ${BASE_JVM_IMAGE:+BASE_JVM_IMAGE="$BASE_JVM_IMAGE"} ${BASE_NATIVE_IMAGE:+BASE_NATIVE_IMAGE="$BASE_NATIVE_IMAGE"}
  say "images built and pushed ($image_mode) in $((SECONDS - began)) s"
}

# retag IMAGE FROM TO: the same image under another tag, by the registry's own interface
retag() {
  local scheme=https type
  [ "${PLAIN_HTTP:-false}" != true ] || scheme=http
  local base=$scheme://${PUSH_REGISTRY:-$REGISTRY}/v2/$1/manifests
  local accept='application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json'
  type=$(curl -fsS -H "Accept: $accept" -o "$work/manifest" -w '%{content_type}' "$base/$2")
  curl -fsS -X PUT -H "Content-Type: $type" --data-binary "@$work/manifest" -o /dev/null "$base/$3"
}
