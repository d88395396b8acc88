#include <libserialport.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <time.h>

// glibc declares ppoll for _GNU_SOURCE only, which Swift's importer does not define.
int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *limit, const sigset_t *mask);
