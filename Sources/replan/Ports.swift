import ArgumentParser
import ReplanHIL

struct Ports: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the serial ports of this machine.",
    discussion: "Example: replan ports --json")

  @OptionGroup var output: OutputOptions

  func run() async throws {
    struct PortEvent: Encodable {
      let event = "port"
      var path: String
      var description: String
    }
    let console = output.console
    try await reporting(console) {
      let ports = try SerialPort.list()
      for port in ports {
        console.object(PortEvent(path: port.path, description: port.description))
        if !output.json { print("\(port.path)  \(port.description)") }
      }
      if ports.isEmpty {
        console.line("no serial ports found; is the adapter plugged in and its driver loaded?")
      }
      return nil
    }
  }
}
