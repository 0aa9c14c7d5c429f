# What was seen: to the terminal at once, and as a section for each drill in the Markdown file report_to, when it is set. A section
# replaces the one of an earlier run; those of drills that did not run stay.

report_to=''
drill=''
drill_started=0

now_ms() { date +%s%3N; }
say() { printf '%5ds  %s\n' "$SECONDS" "$*"; }
die() { echo "e2e: $*" >&2; exit 1; }

# seen TEXT: a line of the report
seen() {
  say "       $*"
  [ -n "$drill" ] || return 0
  local line=$*
  if [ -n "${REGISTRY:-}" ]; then # it is the runner's own: the report names images without it
    line=${line//"$REGISTRY/"/}
    line=${line//"$REGISTRY"/the registry}
  fi
  printf -- '- %s\n' "$line" >> "$work/report.$drill"
  echo "$(date +%s) $line" >> "$work/marks"
}

drill_begin() {
  drill=$1 drill_started=$(now_ms)
  say "drill  $drill"
  : > "$work/marks"
  {
    printf '## %s\n\n' "$drill"
    sed -n '/^[^#]/q;s/^# \{0,1\}//p' "e2e/drills/$drill.sh"
    printf '\n*%s, commit %s, Kubernetes %s, environment %s, %s images, load average of the machine %s*\n\n' "$(date -u '+%Y-%m-%d %H:%M')" \
      "$(git rev-parse --short HEAD)" "$kubernetes_version" "$ENVIRONMENT" "$image_mode" "$(cut -d' ' -f1 /proc/loadavg)"
  } > "$work/report.$drill"
}

drill_end() {
  seen "took $(ms_since "$drill_started")"
  [ ! -f "$work/picture.$drill" ] || printf '\n![writes while the drill ran](%s.svg)\n' "$drill" >> "$work/report.$drill"
}

ms_since() { awk -v ms=$(($(now_ms) - $1)) 'BEGIN {printf "%.1f s", ms / 1000}'; }

report_end() { # EXIT-CODE
  [ -n "$report_to" ] && [ -n "$drill" ] || return 0
  [ "$1" = 0 ] || printf -- '- **failed**\n' >> "$work/report.$drill"
  local name
  mkdir -p "$(dirname "$report_to")"
  touch "$report_to"
  {
    printf '# What the drills saw\n\nEach section is of the newest run of its drill on a real cluster, written by `e2e/run --report`, as its picture is.\n'
    for name in $({ sed -n 's/^## //p' "$report_to"; ls "$work"/report.* | sed 's/.*report\.//'; } | sort -u); do
      echo
      if [ -f "$work/report.$name" ]; then cat "$work/report.$name"; else awk -v name="## $name" '/^## /{on = $0 == name} on' "$report_to" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'; fi
    done
  } > "$work/report"
  cp "$work/report" "$report_to"
  for name in "$work"/picture.*; do [ ! -f "$name" ] || cp "$name" "$(dirname "$report_to")/${name##*/picture.}.svg"; done
}
