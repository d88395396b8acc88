// swift-tools-version: 6.2
import PackageDescription

// One set of settings for every Swift target, so that no module is held to less than another.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A target of the four bottom modules: the standard library and ReplanNumerics only.
func bottom(_ name: String, _ dependencies: [Target.Dependency] = ["ReplanNumerics"]) -> Target {
  // A build without an instruction-set flag lowers fused multiply-add to libm's `fmaf`.
  .target(
    name: name, dependencies: dependencies, swiftSettings: strict,
    linkerSettings: [.linkedLibrary("m")])
}

func library(_ name: String, path: String? = nil, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, path: path, swiftSettings: strict)
}

func program(
  _ name: String, path: String? = nil, excluding: [String] = [],
  _ dependencies: [Target.Dependency]
) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, path: path, exclude: excluding, swiftSettings: strict)
}

/// `scripts`: what lies beside the tests and is no Swift: Python files that they run as referees, recordings.
func tests(
  _ name: String, _ dependencies: [Target.Dependency], scripts: [String] = []
) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: scripts, swiftSettings: strict)
}

/// The page's files, which become part of the program.
let livePage = [
  "page.html", "page.css", "page.js", "stream.js", "stop.js", "canvas.js", "picture.js",
  "charts.js", "words.js",
]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "replan",
  products: [
    .library(name: "ReplanCore", targets: ["ReplanNumerics", "ReplanCore"]),
    .library(name: "ReplanWire", targets: ["ReplanWire"]),
    .executable(name: "replan", targets: ["replan"]),
    .executable(name: "firmware-sim", targets: ["firmware-sim"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
  ],
  targets: [
    // 1. Embedded-Swift clean: no Foundation, C, heap, clock or globals.
    bottom("ReplanNumerics", []),
    bottom("ReplanCore"),
    bottom("ReplanWire"),
    bottom("ReplanPlants"),

    // 2. The edges: files, the operating system, the line.
    library("ReplanRobot", ["ReplanCore", "ReplanWire", "Yams"]),
    library(
      "ReplanRealtime",
      ["CRealtime", .product(name: "Histogram", package: "hdrhistogram-swift")]),
    library(
      "ReplanRecord",
      [
        "ReplanCore", "ReplanRealtime", "CFileSpace", "CZlib", "CZstd",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    // What goes wrong on purpose: fault files, and what they do to a line, sensors and a plant.
    library(
      "ReplanFaults", path: "hil/Faults",
      ["ReplanNumerics", "ReplanWire", "ReplanPlants", "Yams"]),
    library(
      "ReplanSigning", path: "hil/Signing",
      ["ReplanWire", .product(name: "Crypto", package: "swift-crypto")]),
    library(
      "ReplanHIL", path: "hil/Link",
      ["ReplanWire", "ReplanFaults", "ReplanRealtime", "ReplanSigning", "CSerialPort"]),

    // 3. One episode.
    library(
      "ReplanLoop",
      [
        "ReplanNumerics", "ReplanCore", "ReplanWire", "ReplanRobot", "ReplanRealtime",
        "ReplanRecord", "ReplanHIL",
      ]),

    // 4. Between episodes.
    library(
      "ReplanLearn",
      [
        "CLAPACK", "ReplanNumerics", "ReplanCore", "ReplanRobot", "ReplanRealtime", "ReplanRecord",
        "ReplanHIL",
        "ReplanLoop",
      ]),
    // Models with parameters that mean something: equations of motion fitted to records.
    library(
      "ReplanIdentify",
      [
        "CLAPACK", "ReplanNumerics", "ReplanCore", "ReplanRobot", "ReplanRealtime", "ReplanRecord",
        "ReplanLoop", "ReplanLearn",
      ]),
    library(
      "ReplanScenarios", path: "hil/Runner",
      [
        "ReplanCore", "ReplanPlants", "ReplanFaults", "ReplanRobot", "ReplanRealtime",
        "ReplanRecord", "ReplanHIL", "ReplanLoop", "Yams",
      ]),
    library(
      "ReplanBench",
      [
        "ReplanNumerics", "ReplanCore", "ReplanRobot", "ReplanRealtime", "ReplanRecord",
        "ReplanHIL", "ReplanLoop", "ReplanLearn",
      ]),
    // Many runs of one question: grids of settings and seeds, here or on a queue.
    library(
      "ReplanSweep",
      [
        "ReplanPlants", "ReplanRobot", "ReplanRealtime", "ReplanRecord", "Yams",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "Subprocess", package: "swift-subprocess"),
      ]),
    library(
      "ReplanDoctor", ["ReplanNumerics", "ReplanWire", "ReplanRealtime", "ReplanHIL"]),

    // The page's scripts and styles become part of the program, so that it needs no files beside it.
    .target(
      name: "ReplanReport",
      dependencies: [
        "ReplanCore", "ReplanRobot", "ReplanRecord", "ReplanLoop", "ReplanLearn",
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "Subprocess", package: "swift-subprocess"),
      ], resources: [.embedInCode("Page")], swiftSettings: strict),

    // The live page, a server of its own process.
    .target(
      name: "ReplanLive",
      dependencies: [
        "ReplanCore", "ReplanRobot", "ReplanRealtime", "ReplanRecord", "ReplanLoop",
        .product(name: "FlyingFox", package: "FlyingFox"),
        .product(name: "FlyingSocks", package: "FlyingFox"),
      ],
      resources: livePage.map { .embedInCode("Page/" + $0) }, swiftSettings: strict),

    // 5. Executables: wiring only.
    program(
      "replan",
      [
        "CAllocationWatch", "CInstructionSet", "ReplanCore", "ReplanPlants", "ReplanRobot",
        "ReplanRealtime", "ReplanRecord", "ReplanSigning", "ReplanHIL", "ReplanLoop", "ReplanLearn",
        "ReplanBench", "ReplanDoctor", "ReplanIdentify", "ReplanScenarios", "ReplanLive",
        "ReplanReport", "ReplanSweep", argumentParser,
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "Subprocess", package: "swift-subprocess"),
      ]),
    program(
      "firmware-sim", path: "firmware-sim/Host",
      [
        "CInstructionSet", "FirmwareSession", "ReplanFaults", "ReplanSigning", "ReplanWire",
        "ReplanPlants", argumentParser,
      ]),
    // The plant's side of the wire, free of heap, clock and operating system.
    library(
      "FirmwareSession", path: "firmware-sim/Session", ["ReplanWire", "ReplanPlants"]),
    // Ticks under RealtimeSanitizer, run by the tests.
    program(
      "tick-probe", path: "Tests/TickProbe",
      ["ReplanNumerics", "ReplanCore", "ReplanRealtime"]),

    // Fixed work on the core: timed beside other programs, and its instructions counted.
    program(
      "core-bench", path: "Tests/CoreBench", ["ReplanNumerics", "ReplanCore", "ReplanRealtime"]),

    // The loop from frame to frame, timed beside the least program that answers a frame.
    .executableTarget(name: "loop-peer", path: "Tests/LoopPeer"),
    program(
      "loop-latency", path: "Tests/LoopLatency", excluding: ["figures.py"],
      [
        "ReplanWire", "ReplanPlants", "FirmwareSession", "ReplanCore",
        "ReplanRobot", "ReplanRealtime", "ReplanRecord", "ReplanHIL", "ReplanLoop", "ReplanBench",
        "PlantTerminal",
      ]),

    // The far end of a pseudo-terminal, for the tests.
    library("PlantTerminal", path: "Tests/PlantTerminal", []),
    // A simulated plant with faults at that end.
    library(
      "PlantRig", path: "Tests/PlantRig",
      [
        "ReplanCore", "ReplanWire", "ReplanPlants", "FirmwareSession", "ReplanRobot",
        "ReplanRecord", "ReplanHIL", "ReplanLoop", "PlantTerminal",
      ]),

    // C edges.
    .target(name: "CAllocationWatch", exclude: ["README.md"]),
    .target(name: "CInstructionSet", exclude: ["README.md"]),
    .target(name: "CRealtime"),
    .systemLibrary(
      name: "CLAPACK", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev"])]),
    .systemLibrary(
      name: "CSerialPort", pkgConfig: "libserialport", providers: [.apt(["libserialport-dev"])]),
    .systemLibrary(name: "CFileSpace"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),

    tests("ReplanNumericsTests", ["ReplanNumerics"]),
    tests("ReplanCoreTests", ["ReplanCore", "ReplanNumerics", "ReplanPlants"]),
    tests(
      "ReplanWireTests", ["ReplanWire"], scripts: ["referee_streams.py", "referee_wire.py"]),
    tests("ReplanPlantsTests", ["ReplanPlants"]),
    tests("ReplanFaultsTests", ["ReplanFaults", "ReplanWire", "ReplanPlants"]),
    tests(
      "ReplanSigningTests", ["ReplanSigning", "ReplanWire", "CAllocationWatch"],
      scripts: ["referee_signing.py"]),
    tests(
      "FirmwareSimTests",
      ["FirmwareSession", "ReplanFaults", "ReplanWire", "ReplanPlants", "firmware-sim"]),
    tests("ReplanRobotTests", ["ReplanRobot", "ReplanCore"], scripts: ["referee_schema.py"]),
    tests(
      "ReplanRealtimeTests", ["ReplanRealtime", "CRealtime", "ReplanCore", "ReplanNumerics"]),
    tests(
      "ReplanRecordTests", ["ReplanRecord", "ReplanCore"],
      scripts: [
        "hold_lock.py", "referee_episode.py", "referee_kinds.py", "referee_model.py",
        "referee_table.py",
        "rewrite_episode.py",
      ]),
    tests(
      "ReplanHILTests",
      [
        "ReplanHIL", "ReplanFaults", "ReplanRealtime", "ReplanSigning", "ReplanWire",
        "PlantTerminal", "CAllocationWatch",
      ]),
    tests(
      "ReplanLoopTests",
      [
        "ReplanLoop", "ReplanNumerics", "ReplanCore", "ReplanWire", "ReplanRobot",
        "ReplanRealtime", "ReplanRecord", "ReplanHIL", "FirmwareSession", "PlantRig",
        "CAllocationWatch",
      ], scripts: ["Traces"]),
    tests(
      "ReplanLearnTests",
      [
        "ReplanLearn", "ReplanNumerics", "ReplanCore", "ReplanRecord", "ReplanLoop",
        "ReplanRobot", "ReplanWire", "PlantRig",
      ]),
    tests(
      "ReplanIdentifyTests",
      [
        "ReplanIdentify", "ReplanNumerics", "ReplanCore", "ReplanPlants", "ReplanRobot",
        "ReplanRecord", "ReplanLoop", "ReplanLearn",
      ]),
    tests(
      "ReplanScenariosTests",
      [
        "ReplanScenarios", "ReplanCore", "ReplanFaults", "ReplanHIL", "ReplanLoop",
        "ReplanRobot",
      ], scripts: ["referee_junit.py"]),
    tests(
      "ReplanBenchTests",
      [
        "ReplanBench", "ReplanCore", "ReplanNumerics", "ReplanRobot", "ReplanRealtime",
        "ReplanLoop",
      ]),
    tests("ReplanSweepTests", ["ReplanSweep", "ReplanRobot"]),
    tests(
      "ReplanDoctorTests",
      [
        "ReplanDoctor", "ReplanRealtime", "ReplanHIL", "ReplanPlants", "FirmwareSession",
        "PlantTerminal",
      ]),
    tests(
      "ReplanReportTests",
      [
        "ReplanReport", "ReplanNumerics", "ReplanCore", "ReplanRobot", "ReplanRecord",
        "ReplanLoop", "ReplanLearn",
      ],
      scripts: [
        "browser.py", "probes.js", "referee_console.py", "referee_page.py", "referee_size.py",
      ]),
    tests(
      "ReplanLiveTests",
      [
        "ReplanLive", "ReplanCore", "ReplanLoop", "ReplanRealtime", "ReplanRecord", "ReplanRobot",
        "PlantRig", .product(name: "FlyingFox", package: "FlyingFox"),
      ]),
    tests(
      "CommandTests", ["replan", "firmware-sim"],
      scripts: [
        "alter_episode.py", "referee_workspace.py", "scripted_plant.py", "watch_browser.py",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
