import Glibc

/// Memory for a thread's stack, present from the start, above a page that traps overflow.
///
/// The size of a stack that pthreads maps can be set, but its pages come in one fault each as the
/// thread first touches them: in its first ticks.
struct ThreadStack {
  let base: UnsafeMutableRawPointer
  let bytes: Int
  private let guardBytes: Int

  init(atLeast wanted: Int) throws(RealtimeError) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    bytes = (wanted + page - 1) / page * page
    guardBytes = page
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK
    // SAFETY: the mapping is fresh, and `unmap` is called once, after the thread has been joined.
    guard let start = mmap(nil, bytes + page, PROT_READ | PROT_WRITE, flags, -1, 0),
      start != MAP_FAILED
    else { throw .stack(bytes: bytes, code: errno) }
    base = start + page
    guard mprotect(start, page, PROT_NONE) == 0 else {
      let code = errno
      munmap(start, bytes + page)
      throw .stack(bytes: bytes, code: code)
    }
    // MAP_POPULATE would do nothing where the process locks pages as they are touched.
    for offset in stride(from: 0, to: bytes, by: page) {
      base.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self)
    }
  }

  func unmap() { munmap(base - guardBytes, bytes + guardBytes) }
}
