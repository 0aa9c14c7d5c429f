# Nothing is pushed for ten minutes (STEADY_S seconds): every application stays Synced and Healthy, and no pod is touched.
stays_steady "${STEADY_S:-600}"
