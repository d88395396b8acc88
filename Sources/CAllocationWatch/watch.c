#include "CAllocationWatch.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

static _Thread_local int is_watched;
static _Thread_local int64_t own_uses;
static atomic_long uses;

void allocation_watch_this_thread(void) { is_watched = 1; }

long allocation_watch_count(void) { return atomic_load(&uses); }

int64_t allocation_watch_thread_count(void) { return own_uses; }

static inline void note(void) {
  own_uses++;
  if (is_watched) atomic_fetch_add(&uses, 1);
}

// The program's own definitions come before those of the C library, for every library in it.

void *malloc(size_t size) {
  note();
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  note();
  return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
  note();
  return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  note();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
  note();
  *block = __libc_memalign(alignment, size);
  return *block ? 0 : ENOMEM;
}

void free(void *block) {
  if (block) note();
  __libc_free(block);
}
