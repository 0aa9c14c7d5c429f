# A write through the client Service is read from every single pod.
client_up
eventually 120 "first write" put "$(service_url)" drill/hello world
for i in 0 1 2; do
  eventually 120 "read from store-$i" reads "$(pod_url "store-$i")" drill/hello world
done
seen "written through the Service, read from store-0, store-1 and store-2"
