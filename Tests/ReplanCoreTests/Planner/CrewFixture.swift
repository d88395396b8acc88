@testable import ReplanCore

/// Crews of one thread that take the parts in an order of their own.
enum CrewFixture {
  /// The last part first.
  static var reversed: Crew {
    Crew(context: nil) { _, body, argument, parts in
      for part in (0..<parts).reversed() { body(argument, part) }
    }
  }

  /// Another order each time.
  ///
  /// - Parameter state: of the random numbers; outlives the crew.
  static func shuffled(_ state: UnsafeMutablePointer<TestRandom>) -> Crew {
    Crew(context: state) { context, body, argument, parts in
      let random = context!.assumingMemoryBound(to: TestRandom.self)
      for part in (0..<parts).shuffled(using: &random.pointee) { body(argument, part) }
    }
  }

  /// Writes down how often each part was asked for.
  static func counting(_ counts: UnsafeMutablePointer<Int>) -> Crew {
    Crew(context: counts) { context, body, argument, parts in
      let counts = context!.assumingMemoryBound(to: Int.self)
      for part in 0..<parts {
        counts[part] += 1
        body(argument, part)
      }
    }
  }
}
