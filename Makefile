# Builds, tests and runs Replan. `make` alone lists the targets; CONTRIBUTING.md says more.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

# The instruction set: the kernels need fused multiply-add, which plain x86-64 has not.
# SwiftPM passes -Xcc options to the Swift compiler's code generator too.
# With AVX-512 the dense kernels take a tile that would spill on smaller register files.
WIDE_TILE := $(if $(shell grep -q avx512f /proc/cpuinfo 2> /dev/null && echo yes),-Xswiftc -DREPLAN_WIDE_TILE)
ARCH_FLAGS ?= $(if $(filter aarch64 arm64,$(shell uname -m)),-Xcc -mcpu=native,-Xcc -march=native $(WIDE_TILE))
JOBS ?= $(shell nproc)
PYTHON ?= python3
ARGS ?=
ROBOT ?= robots/cart-pole.yaml
CRASHES ?= 200

# Scratch folders apart: builds with different options would undo each other's work. What needs programs
# only may take those that the tests have built: make hil BUILD=.build-test.
BUILD ?= .build
OPTIMIZED := -c release $(ARCH_FLAGS) -j $(JOBS)
TESTABLE := $(OPTIMIZED) --scratch-path .build-test -Xswiftc -enable-testing
RTSAN := $(OPTIMIZED) --scratch-path .build-rtsan -Xswiftc -Xclang-linker -Xswiftc -fsanitize=realtime
RELEASE := $(if $(filter .build-test,$(BUILD)),$(TESTABLE),$(OPTIMIZED) --scratch-path $(BUILD))
PROGRAMS := $(BUILD)/release

SYSTEM_PACKAGES := binutils g++ gcc git libc6-dev libjs-dygraphs liblapacke-dev libserialport-dev \
  libzstd-dev pkg-config python3 python3-venv rt-tests util-linux valgrind zlib1g-dev
# What only the tests of pages need, and `replan report --png`.
BROWSER_PACKAGES := chromium chromium-driver fonts-dejavu-core
SOURCES := Sources Tests hil firmware-sim Package.swift

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Installs those of PACKAGES that are missing.
define INSTALL
if ! command -v dpkg-query > /dev/null; then \
  echo "not a Debian system, please see to it that these are there: $(PACKAGES)"; \
  exit 0; \
fi; \
missing=(); \
for package in $(PACKAGES); do \
  status=$$(dpkg-query -W -f '$${db:Status-Status}' "$$package" 2> /dev/null || true); \
  [[ "$$status" == installed ]] || missing+=("$$package"); \
done; \
(( $${#missing[@]} )) || exit 0; \
echo "installing $${missing[*]}"; \
root=(); (( EUID == 0 )) || root=(sudo); \
"$${root[@]}" apt-get update; \
"$${root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install --yes --no-install-recommends "$${missing[@]}"
endef

.PHONY: system
system: PACKAGES = $(SYSTEM_PACKAGES)
system: ## install the Debian packages that are missing
	@$(INSTALL)

.PHONY: browser
browser: PACKAGES = $(BROWSER_PACKAGES)
browser: ## install the browser that the tests look at pages with
	@$(INSTALL)

# For `replan sweep --engine slurm` on this machine, and its test, which is passed over without.
.PHONY: slurm
slurm: PACKAGES = munge slurm-client slurm-wlm-basic-plugins slurmctld slurmd
slurm: ## install the queue Slurm, for sweeps (Tests/Slurm/node.sh starts it on this machine alone)
	@$(INSTALL)

.PHONY: venv
venv: .venv/installed ## make the Python environment of the tests' referees

.venv/installed: Tests/requirements.txt
	rm -rf .venv
	$(PYTHON) -m venv .venv
	.venv/bin/python3 -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

.PHONY: build
build: ## build for release, with this machine's instruction set
	swift build $(RELEASE)

.PHONY: learn
learn: system build ## learn the cart-pole swing-up (another: ROBOT=robots/furuta.yaml; ARGS="--seed 3")
	$(PROGRAMS)/replan learn $(ROBOT) $(ARGS)

.PHONY: rtsan
rtsan: ## build the tick under RealtimeSanitizer, for the tests to run
	swift build $(RTSAN) --product tick-probe

.PHONY: test
test: system browser venv rtsan ## run all tests (some of them: ARGS="--filter PhaseLock")
	swift build $(TESTABLE) --build-tests
	REPLAN_BIN_DIR='$(CURDIR)/.build-test/release' \
	REPLAN_PYTHON='$(CURDIR)/.venv/bin/python3' \
	REPLAN_TICK_PROBE='$(CURDIR)/.build-rtsan/release/tick-probe' \
	  swift test $(TESTABLE) --skip-build --disable-xctest $(ARGS)

.PHONY: crash
crash: system venv ## kill runs at 200 random moments and look at what they leave (fewer: CRASHES=20)
	swift build $(TESTABLE) --build-tests
	REPLAN_CRASHES='$(CRASHES)' REPLAN_BIN_DIR='$(CURDIR)/.build-test/release' \
	REPLAN_PYTHON='$(CURDIR)/.venv/bin/python3' \
	  swift test $(TESTABLE) --skip-build --disable-xctest --filter CrashTests

# In lockstep, so that a schedule that fails fails again; `--seed` names the first of them.
.PHONY: faults
faults: build ## run 200 scenarios with drawn faults (fewer: ARGS="--random 20")
	$(PROGRAMS)/replan hil --random 200 --robot robots/cart-pole.yaml \
	  --model hil/models/cart-pole.safetensors --lockstep $(ARGS)

# The beginning of a learning run: exploration is left out, refits inside are in it. Exit code 1 says
# that nothing was achieved in so short a time, which is no error here.
TRACE := Tests/ReplanLoopTests/Traces/cart-pole
.PHONY: trace
trace: system build ## record the committed trace anew; its commit says why it had to change
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	$(PROGRAMS)/replan learn robots/cart-pole.yaml --lockstep --seed 1 --max-experience 1.2 \
	  --workspace "$$folder/w" || (( $$? == 1 )); \
	mkdir -p $(dir $(TRACE)); \
	cp "$$folder/w/episodes/0002.mcap" $(TRACE).mcap; \
	cp "$$folder/w/models/0001.safetensors" $(TRACE).safetensors
	$(PROGRAMS)/replan replay $(TRACE).mcap --model $(TRACE).safetensors

HIL_ROBOTS := cart-pole pendulum
.PHONY: hil
hil: system build ## run the test scenarios on the plant's own clock (a real one: ARGS="--device PATH")
	$(PROGRAMS)/replan hil hil/scenarios $(ARGS)

# Learned, then run from random states and fitted to all of it, since one success shows little of
# the plant. An episode without success is no error here.
.PHONY: hil-models
hil-models: system build ## learn the models of the test scenarios anew
	@replan=$(PROGRAMS)/replan; folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	for robot in $(HIL_ROBOTS); do \
	  work=$$folder/$$robot; file=robots/$$robot.yaml; \
	  options=(--lockstep --seed 1 --workspace "$$work"); \
	  $$replan learn $$file "$${options[@]}"; \
	  $$replan run $$file "$${options[@]}" --episodes 4 --reset random --duration 8 \
	    || (( $$? == 1 )); \
	  $$replan run $$file "$${options[@]}" --episodes 2 --reset rest --duration 8 \
	    || (( $$? == 1 )); \
	  $$replan refit $$file --seed 1 --workspace "$$work"; \
	  cp "$$(ls "$$work"/models/*.safetensors | tail -n 1)" hil/models/$$robot.safetensors; \
	done

.PHONY: parser-million
parser-million: system venv ## a million random streams through the parser, and through pymavlink
	swift build $(TESTABLE) --build-tests
	REPLAN_PARSER_STREAMS=1000000 REPLAN_PYTHON='$(CURDIR)/.venv/bin/python3' \
	  swift test $(TESTABLE) --skip-build --disable-xctest --filter ParserStreamTests

.PHONY: report-size
report-size: system browser venv ## write and open a report of 100 episodes of 60 s at 1 kHz
	swift build $(TESTABLE) --build-tests
	REPLAN_REPORT_EPISODES=100 REPLAN_REPORT_SECONDS=60 \
	REPLAN_PYTHON='$(CURDIR)/.venv/bin/python3' \
	  swift test $(TESTABLE) --skip-build --disable-xctest --filter ReportSizeTests

# Findings and the corpus stay in the folder, so that the next run goes on where this one ended.
.PHONY: fuzz
fuzz: ## libFuzzer on the parser for five minutes (longer: ARGS=-max_total_time=3600)
	mkdir -p .build-fuzz/corpus
	cd .build-fuzz && swiftc -O -wmo -g -sanitize=fuzzer,address -use-ld=lld -parse-as-library \
	  -swift-version 6 -module-name ParserFuzz ../Sources/ReplanWire/*.swift \
	  ../Tests/ParserFuzz/ParserFuzz.swift -o parser
	cd .build-fuzz && ./parser -max_len=1500 -max_total_time=300 corpus $(ARGS)

# The bottom modules, each after those that it imports.
BOTTOM_MODULES := ReplanNumerics ReplanCore ReplanWire ReplanPlants
# The plant's side of the wire runs on microcontrollers, so it is held to the same.
EMBEDDED_FOLDERS := $(addprefix Sources/,$(BOTTOM_MODULES)) firmware-sim/Session
EMBEDDED_TRIPLES := aarch64-none-none-elf armv7em-none-none-eabi
EMBEDDED_FLAGS := -enable-experimental-feature Embedded -no-allocations -wmo -O \
  -parse-as-library -swift-version 6 -enable-upcoming-feature ExistentialAny \
  -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature MemberImportVisibility

.PHONY: embedded
embedded: ## compile the bottom modules and the plant's session for bare metal, no allocation
	@for module in $(BOTTOM_MODULES); do \
	  if grep -rnE --include='*.swift' '^[^/"]*\bimport\b' Sources/$$module \
	    | grep -vE ':(public |internal |private |@_exported )?import ReplanNumerics$$'; then \
	    echo "$$module may import ReplanNumerics only" >&2; exit 1; \
	  fi; \
	done
	@printf '%s\n' $(EMBEDDED_TRIPLES) \
	  | xargs -P $(JOBS) -I TRIPLE $(MAKE) --no-print-directory embedded-TRIPLE

embedded-%:
	@out=.build-embedded/$*; rm -rf $$out; mkdir -p $$out; \
	for folder in $(EMBEDDED_FOLDERS); do \
	  module=$$(basename $$folder); \
	  [[ $$module != Session ]] || module=FirmwareSession; \
	  echo "$* $$module"; \
	  find $$folder -name '*.swift' | LC_ALL=C sort > $$out/$$module.files; \
	  [[ -s $$out/$$module.files ]] || { echo "$$folder is empty" >&2; exit 1; }; \
	  swiftc -target $* $(EMBEDDED_FLAGS) -module-name $$module -I $$out \
	    -emit-module -emit-module-path $$out/$$module.swiftmodule \
	    -c -o $$out/$$module.o @$$out/$$module.files; \
	done

.PHONY: assembly
assembly: ## check the machine code of the dense kernels for ARM, AVX2 and AVX-512
	$(PYTHON) Tests/check-assembly.py $(ARGS)

.PHONY: instructions
instructions: system ## count instructions of fixed work (renew the limits: ARGS=--write)
	$(PYTHON) Tests/check-instructions.py $(ARGS)

.PHONY: bits
bits: ## compare the plans of this machine's build with those of an x86-64-v3 build, bit by bit
	swift build $(RELEASE) --product core-bench
	swift build -c release -Xcc -march=x86-64-v3 -j $(JOBS) --scratch-path .build-v3 \
	  --product core-bench
	$(PYTHON) Tests/check-bits.py $(PROGRAMS)/core-bench .build-v3/release/core-bench

.PHONY: delays
delays: build ## learn and run with actuators that lag by 0 to 3 samples, in lockstep
	$(PYTHON) Tests/check-delays.py --program $(PROGRAMS)/replan $(ARGS)

# Records of real plants, which are no part of the repository; tests of them are passed over without.
REPLAN_DATASETS ?= $(abspath ../shared/datasets)
export REPLAN_DATASETS

.PHONY: identify-figures
identify-figures: build ## identify the measured plants, and hold the figures against the demands
	$(PYTHON) Tests/identify-figures.py --replan $(PROGRAMS)/replan --datasets '$(REPLAN_DATASETS)' $(ARGS)

.PHONY: learning
learning: build venv ## learn each task with 20 plants and hold the seconds against demands (ARGS="--real-time")
	.venv/bin/python Tests/check-learning.py --build $(PROGRAMS) $(ARGS)

.PHONY: learning-mujoco
learning-mujoco: build ## the same on plants of another physics engine, 20 cart-poles and 20 pendulums
	$(PYTHON) -m venv '$(PEERS)/mujoco'
	'$(PEERS)/mujoco/bin/pip' install --quiet -r contrib/mujoco/requirements.txt pyyaml
	'$(PEERS)/mujoco/bin/python' Tests/check-learning.py --build $(PROGRAMS) \
	  --mujoco '$(PEERS)/mujoco/bin/python' --robots cart-pole pendulum $(ARGS)

.PHONY: posteriors
posteriors: build ## compare posteriors on held-out data, into docs/POSTERIORS.md (fewer: ARGS="--seeds 2")
	$(PYTHON) docs/figures/posteriors.py --program $(PROGRAMS)/replan --datasets '$(REPLAN_DATASETS)' $(ARGS)

.PHONY: coverage
coverage: build ## hold models' intervals against unseen episodes, into docs/LEARNING.md (fewer: ARGS="--seeds 3")
	$(PYTHON) Tests/check-coverage.py --build $(PROGRAMS) --page docs/LEARNING.md $(ARGS)

# The peers' environments take gigabytes, so that they may lie elsewhere: make peers PEERS=FOLDER.
PEERS ?= .peers
.PHONY: peers
peers: system ## measure beside other planners, into docs/PERFORMANCE.md (on an idle machine)
	swift build $(RELEASE) --product core-bench
	swift build -c release -Xcc -march=x86-64-v3 -j $(JOBS) --scratch-path .build-v3 \
	  --product core-bench
	PYTHON='$(PYTHON)' Tests/Peers/setup.sh '$(PEERS)'
	@status=0; \
	$(PYTHON) Tests/Peers/measure.py --peers '$(PEERS)' \
	  --bench $(PROGRAMS)/core-bench $(ARGS) || status=$$?; \
	$(PYTHON) Tests/Peers/report.py; \
	exit $$status

.PHONY: identify-peers
identify-peers: system ## identify beside nfoursid and sysidentpy, into docs/LINEAR.md and README.md
	swift build $(RELEASE) --product replan
	PYTHON='$(PYTHON)' Tests/Peers/identify/setup.sh '$(PEERS)/identify'
	$(PYTHON) Tests/Peers/identify/measure.py --replan $(PROGRAMS)/replan --peers '$(PEERS)/identify' \
	  --datasets '$(REPLAN_DATASETS)' --page docs/LINEAR.md --page README.md $(ARGS)

.PHONY: training-peers
training-peers: system venv ## train beside jax on the same record, into docs/TRAINING.md
	swift build $(RELEASE) --product replan
	Tests/Peers/setup.sh '$(PEERS)' jax
	.venv/bin/python Tests/Peers/train/measure.py --replan $(PROGRAMS)/replan --peers '$(PEERS)' \
	  --page docs/TRAINING.md $(ARGS)

LOOP_PROGRAMS := $(addprefix $(PROGRAMS)/,replan loop-latency loop-peer)
.PHONY: loop-programs
loop-programs: system
	for product in replan firmware-sim loop-latency loop-peer; do \
	  swift build $(RELEASE) --product $$product; \
	done

.PHONY: loop-latency
loop-latency: loop-programs ## time the loop from frame to frame beside a minimal C program
	$(PROGRAMS)/loop-latency $(PROGRAMS)/loop-peer $(ARGS)

.PHONY: loop-figures
loop-figures: loop-programs ## measure the loop into docs/PERFORMANCE.md (on an idle machine)
	$(PYTHON) Tests/LoopLatency/figures.py $(LOOP_PROGRAMS)
	$(PYTHON) Tests/Peers/report.py

# The true parameters lie inside the 95 % intervals of 200 fits; `make test` does a few.
.PHONY: identify-coverage
identify-coverage: ## hold the intervals of 200 fits to simulated plants against their promise
	swift build $(TESTABLE) --build-tests
	REPLAN_REPETITIONS=200 swift test $(TESTABLE) --skip-build --disable-xctest \
	  --filter IntervalCoverageTests

# The latency of simulated plants, 0 to 5 ticks; `make test` does a few.
.PHONY: identify-delays
identify-delays: ## find the latency of simulated plants 200 times for each number of ticks
	swift build $(TESTABLE) --build-tests
	REPLAN_REPETITIONS=200 swift test $(TESTABLE) --skip-build --disable-xctest \
	  --filter DelayEstimateTests

.PHONY: identify-swing-up
identify-swing-up: build ## identify ten simulated cart-poles from 3 s each and swing them up
	$(PYTHON) Tests/check-identify.py --program $(PROGRAMS)/replan $(ARGS)

.PHONY: lint
lint: ## check the format of all Swift sources
	swift format lint --strict --recursive --parallel $(SOURCES)

.PHONY: format
format: ## bring all Swift sources into the house's format
	swift format --in-place --recursive --parallel $(SOURCES)

.PHONY: clean
clean: ## remove everything that was built (the Python environment stays)
	rm -rf .build .build-test .build-rtsan .build-embedded .build-fuzz .build-v3
