# The deployed repository: gitops/ of this checkout with its parameters filled in, changed by commits alone.

deployed() { echo "$work/deployed"; }

push() { # MESSAGE: commits what was changed in the deployed repository and pushes it
  git -C "$(deployed)" add -A
  git -C "$(deployed)" commit -q -m "$1"
  git -C "$(deployed)" push -q origin HEAD:main
}

head_commit() { git -C "$(deployed)" rev-parse HEAD; }

parameter() { # NAME VALUE
  sed -i "s|^  $1: .*|  $1: $2|" "$(deployed)/gitops/parameters/parameters.yaml"
}

# The first sync: what an operator does once.
deploy_up() {
  git init -q -b main "$(deployed)"
  git -C "$(deployed)" config user.name e2e
  git -C "$(deployed)" config user.email e2e@localhost
  git -C "$(deployed)" remote add origin "$GIT_PUSH_URL"
  # a repository that was used before goes on from where it is
  if git -C "$(deployed)" fetch -q origin main 2> /dev/null; then git -C "$(deployed)" reset -q --soft FETCH_HEAD; fi
  cp -r gitops "$(deployed)/"
  parameter registry "$REGISTRY"
  parameter repoURL "$GIT_URL"
  parameter environment "$ENVIRONMENT"
  push "Deploy $(git rev-parse --short HEAD)" || die "nothing to push to $GIT_PUSH_URL"
  deploy_began=$(now_ms)
  k apply --server-side --force-conflicts -k "$(deployed)/gitops/bootstrap" > /dev/null
}

# switch_environment NAME: what an operator does to go over to another folder of gitops/apps; back when all of it is Synced and Healthy
switch_environment() {
  local app
  parameter environment "$1"
  push "Environment $1"
  k apply --server-side --force-conflicts -k "$(deployed)/gitops/bootstrap" > /dev/null
  for app in coordinator store; do
    # that the newest commit is there says nothing while the application still looks at the old folder
    eventually 300 "application $app looks at environment $1" looks_at "$app" "gitops/overlays/$1/$app"
    wait_app "$app" 600
  done
  wait_app ashlar 300
}

looks_at() { # APP FOLDER
  local path
  path=$(ka get applications.argoproj.io "$1" -o 'jsonpath={.status.sync.comparedTo.source.path}')
  [ "$path" = "$2" ] || { echo "$1 looks at $path"; return 1; }
}

no_pods() { [ -z "$(kn get pods -l app.kubernetes.io/part-of=ashlar -o name)" ] || { echo "pods are still there"; return 1; }; }

# set_version SERVICE TAG: in the deployed repository, not yet committed
set_version() {
  sed -i "s|\(image: ashlar/$1\):.*|\1:$2|" "$(deployed)/gitops/overlays/$ENVIRONMENT/$1/version.yaml"
}

current_version() {
  sed -n "s|.*image: ashlar/$1:||p" "$(deployed)/gitops/overlays/$ENVIRONMENT/$1/version.yaml"
}

# set_partition SERVICE N: pods with ordinal N and above are updated; in the deployed repository, not yet committed
set_partition() {
  local file
  file=$(deployed)/gitops/overlays/$ENVIRONMENT/$1/rollout.yaml
  [ -f "$file" ] || die "environment $ENVIRONMENT has no rollout.yaml: run this drill with ENVIRONMENT=partitioned"
  sed -i "s|partition: .*|partition: $2|" "$file"
}

# add_component SERVICE NAME: to its overlay, in the deployed repository, not yet committed; one that is there stays
add_component() {
  local file
  file=$(deployed)/gitops/overlays/$ENVIRONMENT/$1/kustomization.yaml
  grep -q "/components/$2\$" "$file" && return 0
  grep -q '^components:' "$file" || sed -i 's|^patches:|components:\n&|' "$file"
  sed -i "s|^patches:|  - ../../../components/$2\n&|" "$file"
}

# revert_to COMMIT MESSAGE: pushes a commit that has the tree of an earlier one
revert_to() {
  git -C "$(deployed)" read-tree -u --reset "$1"
  push "$2"
}

# The rollout commands as their user runs them, in the deployed repository.
rollout() {
  local looks=kubectl
  [ -z "$own_cluster" ] || looks="$TEST_TOOLS/cluster/cluster kubectl"
  (cd "$(deployed)" && KUBECTL=$looks "$repository/deploy/rollout" "$@") 2>&1
}
