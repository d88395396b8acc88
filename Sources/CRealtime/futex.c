#define _GNU_SOURCE
#include "CRealtime.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

// Waking and waiting are system calls by nature. RealtimeSanitizer counts every call of `syscall`
// as one that may block, so it looks away for the length of these two.
static inline void unwatch(void) {
  if (__rtsan_disable) __rtsan_disable();
}

static inline void watch(void) {
  if (__rtsan_enable) __rtsan_enable();
}

void crealtime_futex_wait(const uint32_t *word, uint32_t expected) {
  int code = errno;
  unwatch();
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
  watch();
  errno = code;
}

void crealtime_futex_wake_all(const uint32_t *word) {
  int code = errno;
  unwatch();
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
  watch();
  errno = code;
}
