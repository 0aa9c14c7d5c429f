# A client in the cluster: one pod with curl, in a namespace of its own.

client_namespace=ashlar-client
# Runs a command in the client pod. What the API server itself could not do is tried again.
in_client() {
  local try
  for try in 1 2 3 4 5; do
    if kubectl -n $client_namespace exec client -- sh -c "$1" 2> "$work/exec" < /dev/null; then return 0; fi
    grep -qiE 'error dialing|unable to upgrade|internal error|connection refused|i/o timeout|TLS handshake|: EOF' "$work/exec" || break
    sleep 1
  done
  cat "$work/exec" >&2
  return 1
}

# The same with standard input. It travels in the command: what `exec` streams can get lost on the way without an error.
feed_client() { in_client "echo $(base64 -w 0) | base64 -d | ($1)"; }

client_up() {
  k get namespace $client_namespace > /dev/null 2>&1 || k create namespace $client_namespace > /dev/null
  k -n $client_namespace get pod client > /dev/null 2>&1 || k -n $client_namespace apply -f - > /dev/null << Y
apiVersion: v1
kind: Pod
metadata: {name: client}
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: client
      image: $CLIENT_IMAGE
      command: [sh, -c, 'exec sleep 86400']
Y
  k -n $client_namespace wait --for=condition=Ready pod/client --timeout=300s > /dev/null
  in_client 'touch /tmp/curlrc' # options of every request, such as a token
}

# Moves the client pod away from a node that is about to fail.
client_elsewhere() { # NODE
  [ "$(k -n $client_namespace get pod client -o 'jsonpath={.spec.nodeName}')" = "$1" ] || return 0
  cordon "$1"
  k -n $client_namespace delete pod client --now > /dev/null
  client_up
  uncordon "$1"
}

service_url() { echo "${service_scheme:-http}://store.$namespace.svc.cluster.local:8080"; }
pod_url() { echo "http://$1.store-headless.$namespace.svc.cluster.local:8080"; }

# http METHOD URL [BODY]: prints the status, then the body
http() {
  local body=${3:-}
  in_client "curl -s -K /tmp/curlrc -m 10 -X $1 ${body:+--data-binary '$body'} -w '\n%{http_code}' '$2'" | awk '{line[NR]=$0} END {print line[NR]; for (i = 1; i < NR; i++) print line[i]}'
}

put() { local answer; answer=$(http PUT "$1/v1/kv/$2" "$3"); case ${answer%%$'\n'*} in 200 | 201) ;; *) echo "PUT $2: $answer"; return 1 ;; esac; }
get() { local answer; answer=$(http GET "$1/v1/kv/$2"); case ${answer%%$'\n'*} in 200) echo "${answer#*$'\n'}" ;; *) echo "GET $2: $answer"; return 1 ;; esac; }
reads() { local value; value=$(get "$1" "$2") && [ "$value" = "$3" ] || { echo "read '$value', wanted '$3'"; return 1; }; }

# Writes as many values of 1 MB of random bytes as make MIB.
fill() { # MIB
  local began
  began=$(now_ms)
  feed_client "cat > /tmp/fill.sh; sh /tmp/fill.sh $1 $(service_url)" << 'Y'
head -c 1000000 /dev/urandom > /tmp/fill.value
i=0
while [ $((i * 1000000)) -lt $(($1 * 1048576)) ]; do
  i=$((i + 1)) tries=0
  until curl -sf -K /tmp/curlrc -m 30 -o /dev/null -X PUT --data-binary @/tmp/fill.value "$2/v1/kv/fill/$i"; do
    tries=$((tries + 1))
    [ $tries -lt 30 ] || { echo "PUT fill/$i did not go through"; exit 1; }
    sleep 1
  done
done
Y
  seen "$1 MiB written in $(ms_since "$began")"
}

# Load: one writer in the client pod that never stops until told, one new key a request, through the client Service or the stores that
# are named. A request that fails is tried once more, at the next store, after the second that Retry-After asks for when it was a 503.
# A line a request in /tmp/NAME.log: KEY STATUS SECONDS [first:STATUS] UNIX-TIME RETRIED; SECONDS is that of both tries.
load_start() { # NAME [URL...]
  local name=$1
  shift
  feed_client "cat > /tmp/load.sh" << 'Y'
name=$1 i=0
shift
rm -f /tmp/$name.stop /tmp/$name.log
request() { curl -s -K /tmp/curlrc --connect-timeout 1 -m 5 -o /dev/null -X PUT --data-binary "v$i" -w '%{http_code} %{time_total}' "$1/v1/kv/load/$name/$i"; }
while [ ! -e /tmp/$name.stop ]; do
  i=$((i + 1)) retried=0
  answer=$(request "$1")
  case $answer in
    20*) ;;
    *)
      retried=1 first=$answer pause=0 url=$1
      shift
      set -- "$@" "$url"
      case $answer in 503*) pause=1; sleep 1 ;; esac
      answer=$(request "$1")
      answer="${answer%% *} $(echo "${first##* } ${answer##* } $pause" | awk '{print $1 + $2 + $3}') first:${first%% *}" ;;
  esac
  echo "$i $answer $(date +%s) $retried" >> /tmp/$name.log
done
touch /tmp/$name.done
Y
  [ $# -gt 0 ] || set -- "$(service_url)"
  in_client "rm -f /tmp/$name.done; (sh /tmp/load.sh $name $* < /dev/null > /dev/null 2>&1 &)"
  eventually 120 "load $name runs" in_client "[ \$(wc -l < /tmp/$name.log) -ge 5 ]"
}

# Stops it, reads every acknowledged key back; sets load_requests load_failed load_retried load_stall load_lost
# Lost is a key that a store says is not there or has another value. One that nobody answers for within a minute counts too.
load_stop() { # NAME
  in_client "touch /tmp/$1.stop"
  eventually 120 "load $1 ends" in_client "[ -e /tmp/$1.done ]"
  read -r load_requests load_failed load_retried load_stall < <(in_client "cat /tmp/$1.log" |
    awk '{n++; if ($2 !~ /^20/) failed++; if ($NF == 1) retried++; if ($3 > max) max = $3} END {printf "%d %d %d %.2f\n", n, failed, retried, max}')
  read -r load_lost load_lost_keys < <(feed_client "cat > /tmp/verify.sh; sh /tmp/verify.sh $1 $(service_url)" << 'Y'
name=$1 base=$2/v1/kv/load/$1 lost=0 keys=''
awk '$2 ~ /^20/ {print $1}' /tmp/$name.log > /tmp/$name.acked
while read -r i; do printf 'url = "%s/%s"\noutput = "/tmp/%s.read.%s"\n' "$base" "$i" "$name" "$i"; done < /tmp/$name.acked > /tmp/$name.urls
curl -s -K /tmp/curlrc -m 120 -K /tmp/$name.urls
while read -r i; do
  [ "$(cat /tmp/$name.read.$i 2> /dev/null)" = "v$i" ] && continue
  tries=0 status=000
  while [ $tries -lt 60 ]; do # a shard may be electing its leader just now
    status=$(curl -s -K /tmp/curlrc -m 5 -o /tmp/$name.read.$i -w '%{http_code}' "$base/$i")
    case $status in 200 | 404) break ;; esac
    tries=$((tries + 1)); sleep 1
  done
  [ "$status $(cat /tmp/$name.read.$i)" = "200 v$i" ] || { lost=$((lost + 1)); keys="$keys $i:$status"; }
done < /tmp/$name.acked
rm -f /tmp/$name.read.*
echo "$lost $keys"
Y
)
  in_client "cat /tmp/$1.log" > "$work/load"
  seen "writes a second: $(timeline < "$work/load")"
  picture "$work/load" "$work/marks" > "$work/picture.$drill"
  seen "load: $load_requests writes, $load_failed failed, $load_retried needed the one retry, slowest $load_stall s, acknowledged and lost: $load_lost"
}

load_clean() { # NAME: fails when a request failed or a write was lost
  load_stop "$1"
  [ "$load_failed" = 0 ] || die "$load_failed requests failed: $(in_client "awk '\$2 !~ /^20/' /tmp/$1.log | head -5" | tr '\n' ';')"
  no_write_lost
}

no_write_lost() { [ "$load_lost" = 0 ] || die "$load_lost acknowledged writes are lost (key:status): $load_lost_keys"; }

# One writer for each shard, through the stores that are named in turn, a second a try: how long each shard took no write.
stall_start() { # NAME URL...
  local name=$1
  shift
  feed_client "cat > /tmp/stall.sh" << 'Y'
name=$1 i=0
shift
rm -f /tmp/$name.stop /tmp/$name.shard.*
shards=0
while [ $shards = 0 ]; do
  shards=$(curl -s -K /tmp/curlrc -m 5 "$1/v1/cluster" | grep -o '"shard" *: *[0-9]*' | sort -u | wc -l)
  [ $shards -gt 0 ] || sleep 1
done
writer() { # SHARD KEY URL...
  shard=$1 key=$2
  shift 2
  while [ ! -e /tmp/$name.stop ]; do
    case $(curl -s -K /tmp/curlrc -m 1 -o /dev/null -X PUT --data-binary v -w '%{http_code}' "$1/v1/kv/stall/$name/$key") in
      20*) cut -d ' ' -f 1 /proc/uptime >> /tmp/$name.shard.$shard ;;
      *) url=$1; shift; set -- "$@" "$url" ;;
    esac
    sleep 0.1
  done
  cut -d ' ' -f 1 /proc/uptime >> /tmp/$name.shard.$shard
  touch /tmp/$name.ended.$shard
}
while [ "$(ls /tmp/$name.shard.* 2> /dev/null | wc -l)" -lt "$shards" ]; do
  i=$((i + 1))
  shard=$(curl -s -K /tmp/curlrc -m 5 -o /dev/null -D - -X PUT --data-binary v "$1/v1/kv/stall/$name/$i" | tr -d '\r' |
    awk 'NR == 1 && $2 ~ /^20/ {ok = 1} ok && tolower($1) == "ashlar-shard:" {print $2}')
  [ -n "$shard" ] || { sleep 1; continue; }
  [ ! -e /tmp/$name.shard.$shard ] || continue
  cut -d ' ' -f 1 /proc/uptime > /tmp/$name.shard.$shard
  writer $shard $i "$@" &
done
touch /tmp/$name.runs
wait
Y
  in_client "rm -f /tmp/$name.runs /tmp/$name.ended.*; (sh /tmp/stall.sh $name $* < /dev/null > /dev/null 2>&1 &)"
  eventually 120 "a writer for each shard runs" in_client "[ -e /tmp/$name.runs ]"
}

# Stops them; the longest time without an acknowledged write, by shard.
stall_stop() { # NAME
  in_client "touch /tmp/$1.stop"
  eventually 60 "the writers of $1 end" in_client "[ \$(ls /tmp/$1.ended.* 2> /dev/null | wc -l) = \$(ls /tmp/$1.shard.* | wc -l) ]"
  seen "longest time without an acknowledged write, by shard, in s: $(in_client "for f in /tmp/$1.shard.*; do echo \"\$(echo \$f | sed 's/.*\.//') \$(awk 'NR > 1 && \$1 - last > max {max = \$1 - last} {last = \$1} END {printf \"%.1f\", max}' \$f)\"; done" |
    sort -n | awk '{line = line (NR > 1 ? ", " : "") $2; if ($2 > max) max = $2} END {print line " (longest " max ")"}')"
}

# Acknowledged writes of each second as a row of bars, the highest being the best second; `_` is a second without any.
timeline() {
  awk '$2 ~ /^20/ {n[$(NF - 1)]++; if (!from || $(NF - 1) < from) from = $(NF - 1); if ($(NF - 1) > to) to = $(NF - 1)}
    END {
      split("▁ ▂ ▃ ▄ ▅ ▆ ▇ █", bar, " ")
      for (t = from; t <= to; t++) if (n[t] > best) best = n[t]
      step = int((to - from) / 120) + 1
      for (t = from; t <= to; t += step) {
        low = n[t]; for (i = t; i < t + step && i <= to; i++) if (n[i] < low) low = n[i]
        printf "%s", low == 0 ? "_" : bar[int((low * 7.99) / best) + 1]
      }
      printf " (best second %d%s)\n", best, (step > 1 ? ", a bar is the worst of " step " seconds" : "")
    }'
}
