# Faults of nodes. The test cluster does them itself; on your own cluster NODE_FAULT names a program that is called as
# `NODE_FAULT cut NODE`, `NODE_FAULT kill NODE`, `NODE_FAULT heal NODE`, and `NODE_FAULT exec NODE COMMAND...` for a command on a node.

faulty_node='' cordoned=''

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
}

cordon() { k cordon "$1" > /dev/null; cordoned=$1; }
uncordon() { k uncordon "$1" > /dev/null; cordoned=''; }

node_ready() { [ "$(k get node "$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}')" = "$2" ] || { echo "$1 is not yet Ready=$2"; return 1; }; }

node_exec() { # NODE COMMAND...
  local node=$1
  shift
  if [ -n "${NODE_FAULT:-}" ]; then "$NODE_FAULT" exec "$node" "$@"; else "$TEST_TOOLS/cluster/cluster" node-exec "$node" "$@"; fi
}
