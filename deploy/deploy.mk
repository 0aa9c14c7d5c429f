# Images, manifests and the cluster: included by the Makefile of the repository.

##@ Deploy

REGISTRY ?= registry.example
TAG ?= $(shell sed -n 's:.*<revision>\(.*\)</revision>.*:\1:p' pom.xml)
PLAIN_HTTP ?= false
BASE_JVM_IMAGE ?= docker.io/library/eclipse-temurin:25-jre
BASE_NATIVE_IMAGE ?= quay.io/quarkus/ubi9-quarkus-micro-image:2.0
GRAALVM_HOME ?=
NATIVE ?=
# -O level of the builder: b builds fast and runs slower (CI), 2 is its default and what is shipped
NATIVE_LEVEL ?=
NATIVE_ARGS ?=

# Quarkus takes a host (and port) as registry; what stands behind it belongs to the group.
REGISTRY_HOST = $(firstword $(subst /, ,$(REGISTRY)))
REGISTRY_PATH = $(patsubst $(REGISTRY_HOST)%,%,$(patsubst %/,%,$(REGISTRY)))
ifneq ($(findstring ://,$(REGISTRY)),)
$(error REGISTRY is HOST[:PORT][/PATH] without a scheme, not '$(REGISTRY)'; PLAIN_HTTP=true is for http)
endif

SERVICES = services/store,services/coordinator
IMAGE_ARGS = -Dquarkus.container-image.push=true -Dquarkus.container-image.insecure=$(PLAIN_HTTP) \
  -Dquarkus.container-image.registry=$(REGISTRY_HOST) -Dquarkus.container-image.group=$(patsubst /%,%,$(REGISTRY_PATH)/ashlar) -Dquarkus.container-image.tag=$(TAG) \
  -Dquarkus.jib.base-jvm-image=$(BASE_JVM_IMAGE) -Dquarkus.jib.base-native-image=$(BASE_NATIVE_IMAGE)

# Like the stamp of the jars. `native-build` builds again when its arguments differ from the last ones; the other targets take what is there.
NATIVE_BUILD_ARGS = $(strip $(if $(NATIVE_LEVEL),-Dquarkus.native.additional-build-args-append=-O$(NATIVE_LEVEL)) $(NATIVE_ARGS))
NATIVE_STAMP := target/native.stamp
ifneq ($(filter native-build,$(MAKECMDGOALS)),)
ifneq ($(strip $(shell cat $(NATIVE_STAMP) 2>/dev/null)),$(strip $(NATIVE_BUILD_ARGS) .))
$(shell rm -f $(NATIVE_STAMP))
endif
endif
NATIVE_MODULES := $(filter-out acceptance bench cli client,$(notdir $(patsubst %/pom.xml,%,$(wildcard services/*/pom.xml))))
NATIVE_SOURCES := pom.xml $(NATIVE_MODULES:%=services/%/pom.xml) $(shell find $(NATIVE_MODULES:%=services/%/src/main) -type f)
NATIVE_LIBRARIES := services/store/target/librocksdbjni-linux64.so services/coordinator/target/librocksdbjni-linux64.so
$(if $(and $(word 2,$(wildcard $(NATIVE_LIBRARIES))),$(word 2,$(wildcard services/store/target/*-runner services/coordinator/target/*-runner))),,$(shell rm -f $(NATIVE_STAMP)))

.PHONY: manifests images native-build test-native e2e drills release promote rollback scale

manifests: jdk ## Write the generated Kubernetes manifests to gitops/base
	$(MVN) -q -DskipTests -Dquick package -pl $(SERVICES) -am
	$(MVN) -q -Dquick test -pl services/common,services/client,services/acceptance -Dtest=ManifestDriftTest -Dsurefire.failIfNoSpecifiedTests=false -Dashlar.manifests.write=true

images: jdk $(if $(NATIVE),$(NATIVE_STAMP)) ## Build and push both images (REGISTRY, TAG, NATIVE=1, PLAIN_HTTP=true, BASE_JVM_IMAGE, BASE_NATIVE_IMAGE)
ifneq ($(NATIVE),)
	@echo "Images of the native executables built with: $$(cat $(NATIVE_STAMP))"
	JAVA_HOME="$(JDK)" deploy/native images $(NATIVE_BUILD_ARGS) $(IMAGE_ARGS)
else
	$(MVN) -q -DskipTests -Dquick package -pl $(SERVICES) -am $(IMAGE_ARGS)
endif

# The command line has a stamp of its own: a change there builds no service again.
NATIVE_CLI := services/cli/target/ashlar
CLI_SOURCES := pom.xml $(wildcard services/cli/pom.xml services/bench/pom.xml services/common/pom.xml) $(shell find services/cli/src/main services/bench/src/main services/common/src/main -type f)
$(NATIVE_CLI): $(CLI_SOURCES) deploy/native | jdk
	$(MVN) -q -DskipTests -Dquick package -pl services/cli -am
	JAVA_HOME="$(JDK)" deploy/native cli $(if $(NATIVE_LEVEL),-O$(NATIVE_LEVEL))

native-build: $(NATIVE_STAMP) $(NATIVE_CLI) ## Build the native executables of services and command line (GRAALVM_HOME: GraalVM or Mandrel for JDK 25; NATIVE_LEVEL=b for a quick build)

$(NATIVE_STAMP): $(NATIVE_SOURCES) deploy/native | jdk
	@echo "Building native executables: some minutes"
	JAVA_HOME="$(JDK)" deploy/native build $(NATIVE_BUILD_ARGS)
	@mkdir -p $(@D) && echo '$(NATIVE_BUILD_ARGS) .' > $@

# Rounds of the kill loop.
NATIVE_ROUNDS ?= 4

# Tests of backups speak through the command line.
CLI_JAR = services/cli/target/ashlar.jar
$(CLI_JAR): | jdk
	$(MVN) -q -DskipTests -Dquick package -pl services/cli -am

test-native: $(NATIVE_STAMP) $(CLI_JAR) $(NATIVE_CLI) ## Run the acceptance tests against the native executables (NATIVE_ROUNDS)
	$(MVN) test -Dquick -pl services/common,services/client,services/acceptance -Dashlar.acceptance.native=true -Dashlar.acceptance.rounds=$(NATIVE_ROUNDS)

e2e: jdk ## Deploy to a real cluster by git push through Argo CD and run the drills (NATIVE=1, DRILLS="name ...")
	JAVA_HOME="$(JDK)" NATIVE=$(NATIVE) e2e/run $(DRILLS)

drills: jdk ## Every drill, into docs/drills/report.md; one by name: make drill-node-cut (NATIVE=1)
	JAVA_HOME="$(JDK)" NATIVE=$(NATIVE) ENVIRONMENT=$(or $(ENVIRONMENT),partitioned) e2e/run --report $$(cd e2e/drills && ls -1 *.sh | sed 's/\.sh$$//' | sort -u | grep -vxFf order | cat order - | grep -v '^#')

drill-%: jdk
	JAVA_HOME="$(JDK)" NATIVE=$(NATIVE) ENVIRONMENT=$(or $(ENVIRONMENT),partitioned) e2e/run first-sync $*

##@ Roll out by commits (deploy/rollout says more: SERVICE, ENVIRONMENT, WAIT)

release: ## VERSION=1.2.3: version and canary partition in one commit, pushed
	@deploy/rollout release "$(VERSION)"

promote: ## Ask the gate, then one pod more
	@deploy/rollout promote

rollback: ## Revert the commits of the newest release
	@deploy/rollout rollback

scale: ## REPLICAS=5
	@deploy/rollout scale "$(REPLICAS)"
