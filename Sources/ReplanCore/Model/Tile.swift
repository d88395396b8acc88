/// The register tile of the dense kernels: how many outputs times how many vectors of candidates
/// are summed side by side.
///
/// With 32 wide registers (AVX-512; `-D REPLAN_WIDE_TILE`) four outputs times up to four vectors,
/// which read eight values for sixteen multiply-adds. With 16 registers half as wide (AVX2) and
/// with NEON a vector takes two or four registers: six outputs times one vector just fit, and a block
/// is one vector: units of two, side by side, would share half the sets of a cache of 32 KiB and drive
/// one another out. Each sum is taken in the order of the inputs whatever the tile, so results do not
/// depend on it.
enum Tile {
  #if REPLAN_WIDE_TILE
    @inline(always) static var outputs: Int { 4 }
    @inline(always) static var vectors: Int { 4 }
  #else
    @inline(always) static var outputs: Int { 6 }
    @inline(always) static var vectors: Int { 1 }
  #endif

  /// `count` units rounded up to whole panels, of either tile.
  static func padded(_ count: Int) -> Int { (count + 11) / 12 * 12 }
}
