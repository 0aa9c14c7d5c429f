# Each pod is reached through the API server's proxy, as somebody without a network path to pods would.
for i in 0 1 2; do
  k get --raw "/api/v1/namespaces/$namespace/pods/store-$i:8080/proxy/v1/cluster" > "$work/answer" || die "store-$i: $(cat "$work/answer")"
  seen "store-$i answers through the API server's proxy: $(wc -c < "$work/answer") bytes of /v1/cluster"
done
