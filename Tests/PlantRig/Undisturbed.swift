/// A measurement that a busy host may have disturbed is made again, a few times; the last one is what the
/// test judges.
///
/// For what depends on threads being woken in time. What must hold however late they are is no part of
/// `isSound`.
public func undisturbed<Measured>(
  _ measure: () throws -> Measured, isSound: (Measured) throws -> Bool
) rethrows -> Measured {
  for _ in 0..<9 {
    let measured = try measure()
    if try isSound(measured) { return measured }
  }
  return try measure()
}
