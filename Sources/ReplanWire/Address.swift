/// A MAVLink sender or receiver: system and component.
public struct Address: Equatable, Sendable {
  public var system: UInt8
  public var component: UInt8

  public init(system: UInt8, component: UInt8) {
    self.system = system
    self.component = component
  }

  /// The address of a plant unless it is configured otherwise (MAV_COMP_ID_AUTOPILOT1).
  public static var plant: Address { Address(system: 1, component: 1) }
  /// The address of the controller (a ground system, MAV_COMP_ID_MISSIONPLANNER).
  public static var controller: Address { Address(system: 255, component: 190) }
  /// Addresses every system and component.
  public static var everyone: Address { Address(system: 0, component: 0) }

  /// Whether a message to `target` is meant for this address; 0 stands for all.
  public func isAddressed(by target: Address) -> Bool {
    (target.system == 0 || target.system == system)
      && (target.component == 0 || target.component == component)
  }
}
