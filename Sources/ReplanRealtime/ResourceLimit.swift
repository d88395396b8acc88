import Glibc

/// A soft limit of this process, raised as far as its hard limit allows.
struct ResourceLimit {
  static let realtimePriority = ResourceLimit(resource: __RLIMIT_RTPRIO)
  static let lockedMemory = ResourceLimit(resource: __RLIMIT_MEMLOCK)

  /// The kernel's word for "no limit".
  static let unlimited = rlim_t.max

  private let resource: __rlimit_resource_t

  private init(resource: __rlimit_resource) {
    self.resource = __rlimit_resource_t(resource.rawValue)
  }

  /// Raises the soft limit to the wanted value, or to the hard limit if that is lower.
  ///
  /// A privileged process raises the hard limit too. The result is the soft limit now in force.
  func raise(to wanted: rlim_t) -> rlim_t {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return 0 }
    if limit.rlim_cur >= wanted { return limit.rlim_cur }
    var raised = rlimit(rlim_cur: wanted, rlim_max: max(wanted, limit.rlim_max))
    if setrlimit(resource, &raised) == 0 { return wanted }
    raised = rlimit(rlim_cur: min(wanted, limit.rlim_max), rlim_max: limit.rlim_max)
    return setrlimit(resource, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur
  }
}
