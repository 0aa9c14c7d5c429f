# Each pod has a name and a volume of its own, and DNS says so: SRV records of both named ports, one for each pod.
client_up
for i in 0 1 2; do
  claim=$(pod_field "store-$i" '{.spec.volumes[?(@.name=="data")].persistentVolumeClaim.claimName}')
  [ "$claim" = "data-store-$i" ] || die "store-$i has the claim $claim"
  seen "store-$i: claim $claim, volume $(kn get pvc "$claim" -o 'jsonpath={.spec.volumeName}'), node $(pod_field "store-$i" '{.spec.nodeName}')"
done
srv_records() { # NAME: host and port of each record, as a pod sees it
  in_client "nslookup -type=srv $1.$namespace.svc.cluster.local" | sed -n 's/.*service = [0-9]* [0-9]* \([0-9]*\) \([^ ]*[^ .]\)\.\{0,1\}$/\2:\1/p' | sort
}
all_srv() { # NAME PORT SET
  local got
  got=$(srv_records "$1.$3-headless")
  [ "$(echo "$got" | wc -l)" = 3 ] && [[ $got == *"$3-2.$3-headless.$namespace.svc.cluster.local:$2"* ]] || { echo "$got"; return 1; }
}
for set in coordinator store; do
  eventually 120 "SRV records of $set" all_srv _http._tcp 8080 "$set"
  eventually 120 "SRV records of $set" all_srv _peer._tcp 8090 "$set"
  seen "_http._tcp and _peer._tcp.$set-headless: 3 records each, $(srv_records "_peer._tcp.$set-headless" | tr '\n' ' ')"
done
