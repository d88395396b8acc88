#include <libserialport.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

// glibc declares ppoll for _GNU_SOURCE only, which Swift's importer does not define.
int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *limit, const sigset_t *mask);

// An epoll that watches a descriptor for bytes and for its end, or -1.
static inline int cserialport_watch(int descriptor) {
  int watcher = epoll_create1(EPOLL_CLOEXEC);
  if (watcher < 0) return -1;
  struct epoll_event event = {.events = EPOLLIN};
  if (epoll_ctl(watcher, EPOLL_CTL_ADD, descriptor, &event) == 0) return watcher;
  close(watcher);
  return -1;
}
