"""Holds docs/openapi against a cluster of three stores and three coordinators that asks for tokens.

1. The store's document, through a store that leads some shards and not all.
2. The coordinator's, through one that does not lead: what reads.
3. Orders for stores that do not exist, then for one that does: it is drained, taken back, refused to be taken away, and
   gets shards to lead. They come last; after them it is taken back, and the cluster must be whole again. `finalize` is
   asked for real: a cluster that was made by this version has nothing to finish.
4. No process may have written an error into its log.
5. The control: a copy of the store's document with planted faults (planted.py), each of which must be found.
"""

import argparse
import hashlib
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import hooks
import planted

HERE = pathlib.Path(__file__).resolve().parent
HOME = HERE.parents[3]
WORK = HOME / "target" / "contract"
SHARDS = 6
READY_S = 240
# Answers 503 or 504 of a run, in percent.
UNAVAILABLE_MAX = 2


class Cluster:
    def __init__(self):
        self.token = secrets.token_hex(24)
        self.offset = free_offset()
        self.stores = [f"http://127.0.0.1:{self.offset + 8080 + i}" for i in range(3)]
        self.coordinators = [f"http://127.0.0.1:{self.offset + 8180 + i}" for i in range(3)]
        tokens = [{"name": "contract", "token_sha256": hashlib.sha256(self.token.encode()).hexdigest(),
                   "grants": [{"role": "admin"}]}]
        (WORK / "tokens.json").write_text(json.dumps({"tokens": tokens}))
        (WORK / "peer").write_text(secrets.token_hex(24))
        environment = dict(
            os.environ,
            ASHLAR_AUTH_TOKENS_FILE=str(WORK / "tokens.json"),
            ASHLAR_AUTH_PEER_TOKEN_FILE=str(WORK / "peer"),
            ASHLAR_DEV_JAVA_OPTS=os.environ.get("ASHLAR_DEV_JAVA_OPTS", "-Xmx384m"),
        )
        self.log = open(WORK / "dev.log", "w")
        command = [HOME / "bin" / "ashlar", "dev", "--fresh", "--data", WORK / "data", "--port-offset", self.offset]
        self.process = subprocess.Popen([str(word) for word in command], env=environment, stdout=self.log,
                                        stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True)

    def ask(self, url, method="GET"):
        request = urllib.request.Request(url, method=method, headers={"Authorization": "Bearer " + self.token})
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)

    def whole(self):
        """Whether every process says that all is well."""
        try:
            views = [self.ask(url + "/v1/cluster") for url in self.stores + self.coordinators]
        except OSError:
            return False
        return all(
            view["health"] == "ok" and not view["problems"] and len(view["shards"]) == SHARDS
            and all(shard["leader_replica"] for shard in view["shards"])
            and len(view["stores"]) == 3 and all(store["state"] == "up" for store in view["stores"])
            for view in views
        )

    def await_whole(self, what):
        end = time.monotonic() + READY_S
        while not self.whole():
            if self.process.poll() is not None or time.monotonic() > end:
                sys.exit(f"the cluster is not whole {what}:\n{(WORK / 'dev.log').read_text()}\n{self.views()}")
            time.sleep(0.5)

    def views(self):
        try:
            return json.dumps(self.ask(self.coordinators[0] + "/v1/cluster"), indent=1)
        except OSError as silent:
            return str(silent)

    def entry_points(self):
        """A store that leads some shards, and a coordinator that leads nobody."""
        view = self.ask(self.coordinators[0] + "/v1/cluster")
        leads = {store["name"]: store["leaders"] for store in view["stores"]}
        leader = next(coordinator["name"] for coordinator in view["coordinators"] if coordinator["leader"])
        store = next((i for i in range(3) if 0 < leads[f"store-{i}"] < SHARDS), None)
        if store is None:
            return None
        return store, next(i for i in range(3) if f"coordinator-{i}" != leader)

    def await_entry_points(self):
        end = time.monotonic() + READY_S
        while (found := self.entry_points()) is None:
            if time.monotonic() > end:
                sys.exit("no store leads some shards and not all:\n" + self.views())
            time.sleep(0.5)
        return found

    def errors(self):
        """Lines of the logs that no request may bring about."""
        for log in sorted((WORK / "data" / "logs").glob("*.log")):
            for line in log.read_text(errors="replace").splitlines():
                if " ERROR " in line or "OutOfMemoryError" in line:
                    yield f"{log.name}: {line}"

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
        self.log.close()


def free_offset():
    for offset in range(int(os.environ.get("CONTRACT_PORT_OFFSET", "11000")), 50000, 300):
        try:
            for port in [base + i for base in (8080, 8090, 8180, 8190, 9000, 9100) for i in range(3)]:
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(("127.0.0.1", offset + port))
            return offset
        except OSError:
            continue
    sys.exit("no free ports")


def schemathesis(document, url, cluster, options, selection, orders_to=""):
    """One run; how it ended, and what hooks.py has counted."""
    counts = WORK / "counts.json"
    counts.unlink(missing_ok=True)
    command = [
        pathlib.Path(sys.executable).parent / "schemathesis", "--config-file", options.config, "run",
        document, "--url", url, "--seed", options.seed, "--no-color", *selection,
    ]
    environment = dict(os.environ, PYTHONPATH=str(HERE), SCHEMATHESIS_HOOKS="hooks", PYTHONDONTWRITEBYTECODE="1",
                       CONTRACT_TOKEN=cluster.token, CONTRACT_COUNTS=str(counts), CONTRACT_ORDERS_TO=orders_to)
    run = subprocess.run([str(word) for word in command], env=environment, cwd=WORK, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True)
    run.stdout = run.stdout.replace(cluster.token, "TOKEN")
    return run, json.loads(counts.read_text()) if counts.exists() else {"answers": {}, "excused": {}, "failures": {}}


def hold(what, document, url, cluster, options, selection=(), orders_to=""):
    """Whether a run found nothing, and what was counted."""
    began = time.monotonic()
    run, counts = schemathesis(HOME / "docs" / "openapi" / document, url, cluster, options,
                               ["--max-examples", options.examples, *selection], orders_to)
    (WORK / f"{what.replace(' ', '-')}.txt").write_text(run.stdout)
    statuses = {}
    for call, count in counts["answers"].items():
        statuses[call[-3:]] = statuses.get(call[-3:], 0) + count
    total = sum(statuses.values())
    unavailable = statuses.get("503", 0) + statuses.get("504", 0)
    print(f"{what}: {total} requests in {time.monotonic() - began:.0f} s, "
          + ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items())), flush=True)
    good = run.returncode == 0 and total > 0 and unavailable * 100 <= total * UNAVAILABLE_MAX
    if not good:
        print(run.stdout)
        print(f"{what}: NOT as its document says"
              + (f"; {unavailable} of {total} answers were 503 or 504" if unavailable else ""), flush=True)
    return good, counts


def control(url, cluster, options):
    """Whether every planted fault is found, at its call and for what it is, and nothing else."""
    began = time.monotonic()
    document = WORK / "planted.yaml"
    document.write_text(planted.document((HOME / "docs" / "openapi" / "store.yaml").read_text()))
    calls = [word for call in planted.CALLS for word in ("--include-operation-id", call)]
    run, counts = schemathesis(document, url, cluster, options, ["--max-examples", "10", *calls])
    (WORK / "planted.txt").write_text(run.stdout)
    found = set(counts["failures"])
    good = run.returncode != 0 and found == planted.FOUND
    print(f"planted faults: {len(planted.FOUND & found)} of {len(planted.FOUND)} findings in {time.monotonic() - began:.0f} s"
          + ("" if good else f"; MISSED {sorted(planted.FOUND - found)}, found besides {sorted(found - planted.FOUND)}"),
          flush=True)
    return good


def calls_without_success(answers):
    """Documented calls of which nothing was seen but refusals: the generator never got through to them."""
    seen = {}
    for call, count in answers.items():
        seen.setdefault(call[:-4], set()).add(call[-3:])
    return [call for call, statuses in sorted(seen.items()) if not any(status < "400" for status in statuses)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--examples", default="40", help="of a call and kind of data")
    parser.add_argument("--seed", default="25")
    parser.add_argument("--config", default=str(HERE / "schemathesis.toml"))
    options = parser.parse_args()
    # Whoever ends this ends the cluster.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    shutil.rmtree(WORK / "data", ignore_errors=True)
    WORK.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    cluster = Cluster()
    try:
        cluster.await_whole("after its start")
        store, coordinator = cluster.await_entry_points()
        print(f"cluster ready in {time.monotonic() - began:.0f} s; asked are store-{store}, which does not lead every shard,"
              f" and coordinator-{coordinator}, which does not lead", flush=True)
        orders = cluster.coordinators[coordinator]
        runs = [
            hold("store", "store.yaml", cluster.stores[store], cluster, options),
            hold("coordinator", "coordinator.yaml", orders, cluster, options, ["--exclude-tag", "orders"]),
            hold("orders for nobody", "coordinator.yaml", orders, cluster, options, ["--include-tag", "orders"],
                 "no-such-store"),
            hold("orders", "coordinator.yaml", orders, cluster, options, ["--include-tag", "orders"], f"store-{store}"),
        ]
        cluster.ask(f"{orders}/v1/stores/store-{store}/undrain", "POST")
        cluster.await_whole("after the orders")
        good = all(run[0] for run in runs)
        for what, (_, counts) in zip(("store", "coordinator"), runs):
            refused = calls_without_success(counts["answers"])
            if refused:
                print(f"{what}: only refusals were seen of {', '.join(refused)}")
                good = False
        excused = set().union(*(counts["excused"] for _, counts in runs))
        print(f"exemptions that nothing needed: {', '.join(sorted(hooks.EXCUSES - excused)) or 'none'}")
        errors = list(cluster.errors())
        if errors:
            print("\n".join(["errors in the logs:"] + errors[:20]))
            good = False
        good &= control(cluster.stores[store], cluster, options)
    finally:
        cluster.stop()
    print(f"docs/openapi and the processes {'agree' if good else 'do NOT agree'}, {time.monotonic() - began:.0f} s; "
          f"what was found is in {WORK.relative_to(HOME)}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
