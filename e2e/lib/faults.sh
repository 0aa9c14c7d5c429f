# Faults of nodes. The test cluster does them itself; on your own cluster NODE_FAULT names a program that is called as
# `NODE_FAULT cut NODE`, `NODE_FAULT kill NODE`, `NODE_FAULT heal NODE`, and `NODE_FAULT exec NODE COMMAND...` for a command on a node.

faulty_node='' cordoned='' argocd_away=''

node_fault() { # cut|kill|heal NODE
  if [ -n "${NODE_FAULT:-}" ]; then
    "$NODE_FAULT" "$1" "$2"
  elif [ -x "$TEST_TOOLS/cluster/cluster" ]; then
    case $1 in
      cut) "$TEST_TOOLS/cluster/cluster" node-down "$2" ;;
      kill) "$TEST_TOOLS/cluster/cluster" node-kill "$2" ;;
      heal) "$TEST_TOOLS/cluster/cluster" node-up "$2" ;;
    esac
  else
    die "set NODE_FAULT to a program that cuts nodes off (e2e/lib/faults.sh)"
  fi
  if [ "$1" = heal ]; then faulty_node=''; else faulty_node=$2; fi
}

# A run that fails in the middle leaves no broken node behind.
heal_all() {
  [ -z "$faulty_node" ] || node_fault heal "$faulty_node" || true
  [ -z "$cordoned" ] || uncordon "$cordoned" || true
  [ -z "$argocd_away" ] || argocd_on || true
}

cordon() { k cordon "$1" > /dev/null; cordoned=$1; }
uncordon() { k uncordon "$1" > /dev/null; cordoned=''; }

node_ready() { [ "$(k get node "$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}')" = "$2" ] || { echo "$1 is not yet Ready=$2"; return 1; }; }

node_exec() { # NODE COMMAND...
  local node=$1
  shift
  if [ -n "${NODE_FAULT:-}" ]; then "$NODE_FAULT" exec "$node" "$@"; else "$TEST_TOOLS/cluster/cluster" node-exec "$node" "$@"; fi
}

# The controller of Argo CD is away: nothing is synced. A killed one of the test tools comes back by their `up`.
argocd_off() {
  local home
  argocd_away=1
  if [ -n "$own_argocd" ]; then
    home=$("$TEST_TOOLS/argocd/argocd" repo-dir)
    kill "$(cut -d' ' -f1 "${home%/git/*}/run/argocd-application-controller.pid")"
  else
    ka scale statefulset argocd-application-controller --replicas=0 > /dev/null
    ka wait --for=delete pod -l app.kubernetes.io/name=argocd-application-controller --timeout=60s > /dev/null
  fi
}
argocd_on() {
  if [ -n "$own_argocd" ]; then "$TEST_TOOLS/argocd/argocd" up --kubeconfig "$KUBECONFIG"; else ka scale statefulset argocd-application-controller --replicas=1; fi > /dev/null
  argocd_away=''
}
