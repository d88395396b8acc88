import Foundation

/// Runs one test of this program again with the modem control lines of a pseudo-terminal played.
///
/// libserialport reads those lines when it opens a port, and a pseudo-terminal has none; a library
/// loaded first answers in their place and passes everything else on.
enum Interposed {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private static let marker = "REPLAN_INTERPOSED"
  static var isActive: Bool { ProcessInfo.processInfo.environment[marker] != nil }

  private static let source = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <stdarg.h>
    #include <sys/ioctl.h>
    #include <unistd.h>

    int ioctl(int descriptor, unsigned long request, ...) {
      va_list rest;
      va_start(rest, request);
      void *argument = va_arg(rest, void *);
      va_end(rest);
      int (*system)(int, unsigned long, ...) = dlsym(RTLD_NEXT, "ioctl");
      int result = system(descriptor, request, argument);
      if (result == 0 || !isatty(descriptor)) return result;
      if (request == TIOCMGET) return *(int *)argument = 0;
      if (request == TIOCMSET || request == TIOCMBIS || request == TIOCMBIC) return 0;
      return result;
    }
    """

  /// - Returns: what the child printed.
  static func run(test name: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let code = folder.appending(path: "lines.c")
    let library = folder.appending(path: "lines.so")
    try source.write(to: code, atomically: true, encoding: .utf8)
    _ = try launch(
      URL(filePath: "/usr/bin/env"),
      ["clang", "-shared", "-fPIC", "-o", library.path, code.path, "-ldl"], [:])
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return try launch(
      URL(filePath: program), ["--testing-library", "swift-testing", "--filter", name],
      ["LD_PRELOAD": library.path, marker: "1"])
  }

  private static func launch(
    _ program: URL, _ arguments: [String], _ environment: [String: String]
  ) throws -> String {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self)
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(program.path) \(arguments) failed:\n\(text)")
    }
    return text
  }
}
