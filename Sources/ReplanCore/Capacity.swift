/// The largest plant, network and objective that the core's fixed-size values hold.
///
/// They bound the inline storage of configuration and messages only; what a controller really uses
/// comes from its arena, sized by its configuration. States and actions match the wire's messages.
public enum Capacity {
  @inlinable public static var states: Int { 32 }
  @inlinable public static var actions: Int { 16 }
  @inlinable public static var hiddenLayers: Int { 4 }
  @inlinable public static var members: Int { 16 }
  @inlinable public static var terms: Int { 32 }
  @inlinable public static var customTerms: Int { 4 }
  /// Ticks of latency, the tick of `next-tick` output included.
  @inlinable public static var latencyTicks: Int { 16 }
}

/// One value for each state channel; entries past the plant's channel count are 0.
public typealias StateVector = InlineArray<32, Float>

/// One value for each action channel; entries past the plant's channel count are 0.
public typealias ActionVector = InlineArray<16, Float>
