/// The processor that this program was built for.
enum Processor {
  static var name: String {
    #if arch(x86_64)
      #if REPLAN_WIDE_TILE
        "x86-64 with wide tiles"
      #else
        "x86-64"
      #endif
    #elseif arch(arm64)
      "AArch64"
    #else
      "another one"
    #endif
  }
}
