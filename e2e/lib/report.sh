# What was seen: to the terminal at once, and as Markdown when report_to is set.

report_to=''
report_body=''
drill=''
drill_started=0

now_ms() { date +%s%3N; }
say() { printf '%5ds  %s\n' "$SECONDS" "$*"; }
die() { echo "e2e: $*" >&2; exit 1; }

# seen TEXT: a line of the report
seen() {
  say "       $*"
  report_body+="- $*"$'\n'
}

drill_begin() {
  drill=$1 drill_started=$(now_ms)
  say "drill  $drill"
  report_body+=$'\n'"## $drill"$'\n\n'"$(sed -n 's/^# \{0,1\}//p;/^[^#]/q' "e2e/drills/$drill.sh")"$'\n\n'
}

drill_end() { seen "took $(ms_since "$drill_started")"; }

ms_since() { awk -v ms=$(($(now_ms) - $1)) 'BEGIN {printf "%.1f s", ms / 1000}'; }

report_end() { # EXIT-CODE
  [ -n "$report_to" ] || return 0
  mkdir -p "$(dirname "$report_to")"
  {
    echo "# Drills on a real cluster"
    echo
    echo "$(date -u +%Y-%m-%d), commit $(git rev-parse --short HEAD), Kubernetes ${kubernetes_version:-unknown}, images: ${image_mode:-unknown}, $([ "$1" = 0 ] && echo passed || echo FAILED)."
    echo "Written by \`e2e/run --report\`."
    printf '%s' "$report_body"
  } > "$report_to"
}
