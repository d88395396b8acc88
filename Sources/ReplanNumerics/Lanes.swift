/// One value for each of sixteen candidates (or samples) that are computed side by side.
///
/// Sixteen on every architecture: one register on AVX-512, two on AVX2, four on NEON. The width
/// is part of the layout of buffers, so results do not depend on the machine's registers.
public typealias Lanes = SIMD16<Float>

extension SIMD16<Float> {
  /// Number of lanes.
  @inlinable @inline(always) public static var width: Int { 16 }

  /// How many vectors hold `count` values.
  @inlinable @inline(always) public static func vectors(for count: Int) -> Int {
    (count + 15) / 16
  }

  /// `self + a * b` with one rounding, the scalar factor in every lane.
  @inlinable @inline(always)
  public func adding(_ a: Float, times b: Self) -> Self {
    addingProduct(Self(repeating: a), b)
  }

  /// The smaller of both in each lane; the other one where one is not a number.
  ///
  /// The standard library's `pointwiseMin` is computed lane by lane.
  @inlinable @inline(always)
  public func lesser(_ other: Self) -> Self { replacing(with: other, where: other .< self) }

  /// The larger of both in each lane.
  @inlinable @inline(always)
  public func greater(_ other: Self) -> Self { replacing(with: other, where: other .> self) }

  /// Each lane limited to `low...high`; a lane that is not a number stays so.
  @inlinable @inline(always)
  public func limited(_ low: Float, _ high: Float) -> Self {
    greater(Self(repeating: low)).lesser(Self(repeating: high))
  }

  /// The sum over lanes in a fixed order: halves are added until one lane is left.
  @inlinable @inline(always)
  public func orderedSum() -> Float {
    let eight = lowHalf + highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }
}

/// `value` limited to `low...high`; not a number stays so.
@inlinable @inline(always)
public func limited(_ value: Float, _ low: Float, _ high: Float) -> Float {
  let raised = value < low ? low : value
  return raised > high ? high : raised
}
