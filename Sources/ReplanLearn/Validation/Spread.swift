/// A predicted standard deviation and the part of it that comes of the members' disagreement.
///
/// The square of the latter and that of the noise add up to the square of the whole.
struct Spread {
  var deviation: Float
  var epistemic: Float

  /// The spread with each of its parts multiplied by a factor of its own.
  func times(_ factors: (noise: Float, disagreement: Float)) -> Spread {
    let noise = max(0, deviation * deviation - epistemic * epistemic)
    let between = factors.disagreement * epistemic
    return Spread(
      deviation: (factors.noise * factors.noise * noise + between * between).squareRoot(),
      epistemic: between)
  }
}
