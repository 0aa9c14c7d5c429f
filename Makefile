# `make` or `make help` lists the targets.
.DEFAULT_GOAL := help

##@ Try it

.PHONY: help run
help: ## List the targets
	@awk -F':.*## ' '/^##@/{printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## /{printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build $(if $(NATIVE),native-build) ## A cluster on this machine: 3 stores, 3 coordinators (NATIVE=1, ARGS='--stores 5 --port-offset 1000')
	@bin/ashlar dev $(if $(NATIVE),--native) $(ARGS)

##@ Build and test

JDK := $(shell bin/find-jdk 2>/dev/null)
MVN = JAVA_HOME="$(JDK)" MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED $$MAVEN_OPTS" mvn -B -ntp

# The stamp is newer than every source when there is nothing to build; it goes when a jar has gone.
STAMP := target/build.stamp
JARS := services/cli/target/ashlar.jar services/store/target/quarkus-app/quarkus-run.jar services/coordinator/target/quarkus-app/quarkus-run.jar
SOURCES := pom.xml $(wildcard services/*/pom.xml) $(shell find services -path '*/src/main/*' -type f)
$(if $(filter-out $(wildcard $(JARS)),$(JARS)),$(shell rm -f $(STAMP)))

.PHONY: jdk build test test-contract format
jdk:
	@bin/find-jdk >/dev/null
	@command -v mvn >/dev/null || { echo "Maven (mvn) not found. Install 3.8 or later: apt-get install maven, dnf install maven, brew install maven, sdk install maven." >&2; exit 1; }

build: $(STAMP) ## Build the jars, without tests and quality gates (those run in make test); does nothing when nothing changed

$(STAMP): $(SOURCES) | jdk
	@echo "Building (the first time Maven fetches its plugins and libraries: some minutes)"
	$(MVN) -q -DskipTests -Dquick package
	@mkdir -p $(@D) && touch $@

test: jdk ## Build everything with all quality gates and run every test
	@rm -rf services/*/target/surefire-reports services/*/target/failsafe-reports
	@$(MVN) verify; status=$$?; echo; [ $$status -ne 0 ] || { mkdir -p target; touch $(STAMP); }; \
	for dir in services/*/target/surefire-reports services/*/target/failsafe-reports; do \
	  [ -d $$dir ] && awk -v module="$${dir%/target/*}" '/^Tests run:/{gsub(",", ""); r += $$3; f += $$5; e += $$7; s += $$9} END{printf "Tests run: %d, Failures: %d, Errors: %d, Skipped: %d - %s\n", r, f, e, s, module}' $$dir/*.txt; \
	done; exit $$status

# Requests for each call, and where their chance begins.
EXAMPLES ?= 40
SEED ?= 25

test-contract: build ## Hold docs/openapi against a cluster with generated requests (needs Python 3.11 and PyPI; EXAMPLES, SEED)
	@services/acceptance/src/contract/run --examples $(EXAMPLES) --seed $(SEED)

format: jdk ## Format the code and sort imports
	$(MVN) -q spotless:apply

include deploy/deploy.mk

##@ Benchmarks
# ETCD=/path/to/etcd, or etcd on the PATH; without one the comparison says so.
BENCH_CLIENTS ?= 1,16,64,256
BENCH_SECONDS ?= 10
BENCH_WARM_UP ?= 5
BENCH_BURN_IN ?= 20
BENCH_ROUNDS ?= 2
BENCH_TARGETS ?= ashlar-6,ashlar-1,etcd-grpc,etcd-grpc-leader,etcd-json
BENCH_ARGS ?=
BENCH = ETCD="$(or $(ETCD),$(shell command -v etcd))" \
	"$(JDK)/bin/java" -jar $(wildcard services/bench/target/ashlar-bench-*.jar)

.PHONY: bench-etcd

bench-etcd: build ## Compare with etcd side by side, into docs/benchmarks.md (BENCH_SECONDS, BENCH_CLIENTS, BENCH_ROUNDS)
	$(BENCH) compare --clients $(BENCH_CLIENTS) --seconds $(BENCH_SECONDS) --warm-up $(BENCH_WARM_UP) --burn-in $(BENCH_BURN_IN) \
	  --rounds $(BENCH_ROUNDS) --targets $(BENCH_TARGETS) $(BENCH_ARGS)

.PHONY: bench-leader-kill bench-restart bench-load-rss bench-idle

bench-leader-kill: build ## 20 kills of leaders under load: how long writes stop
	$(BENCH) leader-kill $(BENCH_ARGS)

bench-restart: build ## Restart a store that holds 1 GiB: time until it is ready
	$(BENCH) restart $(BENCH_ARGS)

bench-load-rss: build ## Load 1 GiB through the API: memory of the stores (BENCH_ARGS="--hold 600" for flatness)
	$(BENCH) load-rss $(BENCH_ARGS)

bench-idle: build ## CPU of six idle processes over a minute
	$(BENCH) idle $(BENCH_ARGS)

.PHONY: bench-api
bench-api: build ## Transactions, locks and watches beside etcd's, and what tokens cost, into docs/benchmarks.md (ETCD)
	$(BENCH) api --coordinators 1 $(BENCH_ARGS)

.PHONY: bench-operations
OPERATIONS = services/acceptance/target/acceptance-figures/operations.md

bench-operations: build ## Stores come and go under load (docs/operations/stores.md): time to full strength, failed requests, stall
	@rm -f $(OPERATIONS)
	$(MVN) -q -Dquick test -pl services/acceptance -am -Dtest=OperationsTest -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dashlar.acceptance.operations=true $(BENCH_ARGS)
	$(BENCH) publish operations $(OPERATIONS)

.PHONY: bench-native
bench-native: build native-build ## Native executables beside JVMs: start, memory, throughput, CPU (NATIVE_LEVEL)
	$(BENCH) native $(BENCH_ARGS)
