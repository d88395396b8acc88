import ReplanNumerics

#if REPLAN_WIDE_TILE
  /// Four outputs times several vectors, for 32 wide registers.
  ///
  /// A broadcast is a load as wide as a vector's, and there is one a cycle: with one or two vectors
  /// loads bound the loop, with three or four the multiply-adds do.
  extension DenseKernel {
    /// Two vectors side by side.
    @inline(always)
    static func pair(
      _ weights: UnsafePointer<Float>, inputs: Int, outputs: Int,
      _ x: UnsafePointer<Lanes>, _ y: UnsafeMutablePointer<Lanes>
    ) {
      var w = weights
      var result = y
      var o = 0
      while o < outputs {
        var sums0 = Column(w)
        var sums1 = sums0
        w += Tile.outputs
        var input = x
        for _ in 0..<inputs {
          sums0.add(w, input[0])
          sums1.add(w, input[1])
          w += Tile.outputs
          input += 2
        }
        sums0.store(result, step: 2)
        sums1.store(result + 1, step: 2)
        result += 2 * Tile.outputs
        o += Tile.outputs
      }
    }

    /// Three vectors side by side.
    @inline(always)
    static func triple(
      _ weights: UnsafePointer<Float>, inputs: Int, outputs: Int,
      _ x: UnsafePointer<Lanes>, _ y: UnsafeMutablePointer<Lanes>
    ) {
      var w = weights
      var result = y
      var o = 0
      while o < outputs {
        var sums0 = Column(w)
        var sums1 = sums0
        var sums2 = sums0
        w += Tile.outputs
        var input = x
        for _ in 0..<inputs {
          sums0.add(w, input[0])
          sums1.add(w, input[1])
          sums2.add(w, input[2])
          w += Tile.outputs
          input += 3
        }
        sums0.store(result, step: 3)
        sums1.store(result + 1, step: 3)
        sums2.store(result + 2, step: 3)
        result += 3 * Tile.outputs
        o += Tile.outputs
      }
    }

    /// Four vectors side by side.
    @inline(always)
    static func quadruple(
      _ weights: UnsafePointer<Float>, inputs: Int, outputs: Int,
      _ x: UnsafePointer<Lanes>, _ y: UnsafeMutablePointer<Lanes>
    ) {
      var w = weights
      var result = y
      var o = 0
      while o < outputs {
        var sums0 = Column(w)
        var sums1 = sums0
        var sums2 = sums0
        var sums3 = sums0
        w += Tile.outputs
        var input = x
        for _ in 0..<inputs {
          sums0.add(w, input[0])
          sums1.add(w, input[1])
          sums2.add(w, input[2])
          sums3.add(w, input[3])
          w += Tile.outputs
          input += 4
        }
        sums0.store(result, step: 4)
        sums1.store(result + 1, step: 4)
        sums2.store(result + 2, step: 4)
        sums3.store(result + 3, step: 4)
        result += 4 * Tile.outputs
        o += Tile.outputs
      }
    }
  }
#endif
