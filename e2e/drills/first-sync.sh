# A push and one `kubectl apply -k gitops/bootstrap`: Argo CD brings up the coordinators, then the stores.
wait_app coordinator 300
seen "coordinators Synced and Healthy $(ms_since "$deploy_began") after the push"
wait_app store 300
wait_app ashlar 300
seen "stores Synced and Healthy $(ms_since "$deploy_began") after the push"
