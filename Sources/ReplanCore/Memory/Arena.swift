public import ReplanNumerics

/// Hands out parts of one block of memory that the caller owns, before the controller is armed.
///
/// Parts are laid out twice: first by an arena that only measures, then over memory of that size.
/// So a component's initialiser takes its parts and does not touch them; it fills them in a
/// separate `prepare`. Nothing is ever given back: the whole block outlives the controller.
///
/// Left out on purpose: freeing, growing, and any use on the tick.
public struct Arena: ~Copyable {
  /// Every part begins on a cache line, which is also the widest vector.
  public static var alignment: Int { 64 }

  private let base: UnsafeMutableRawPointer
  private let capacity: Int
  /// Bytes handed out so far, each part rounded up to whole cache lines.
  public private(set) var used: Int

  /// An arena that only measures; its pointers must not be used.
  public static func measuring() -> Arena {
    // SAFETY: a well-aligned address that is never dereferenced.
    Arena(base: UnsafeMutableRawPointer(bitPattern: Arena.alignment)!, capacity: Int.max)
  }

  /// - Precondition: `base` is aligned to `Arena.alignment`, is zeroed, holds `capacity` bytes and
  ///   outlives everything laid out in it.
  public init(base: UnsafeMutableRawPointer, capacity: Int) {
    precondition(Int(bitPattern: base) % Arena.alignment == 0, "an arena is aligned to 64 bytes")
    self.base = base
    self.capacity = capacity
    self.used = 0
  }

  /// Room for `count` values.
  ///
  /// - Precondition: the arena was sized by the same layout; traps otherwise.
  public mutating func take<T: BitwiseCopyable>(
    _ type: T.Type, count: Int
  ) -> UnsafeMutablePointer<T> {
    let bytes = (count * MemoryLayout<T>.stride + Arena.alignment - 1) & ~(Arena.alignment - 1)
    precondition(bytes <= capacity - used, "the arena is smaller than its layout")
    // SAFETY: the range [used, used + bytes) lies inside the block and is handed out once.
    let part = (base + used).assumingMemoryBound(to: type)
    used += bytes
    return part
  }

  public mutating func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
    take(Float.self, count: count)
  }

  public mutating func lanes(_ count: Int) -> UnsafeMutablePointer<Lanes> {
    take(Lanes.self, count: count)
  }
}
