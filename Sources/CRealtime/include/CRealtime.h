#ifndef CREALTIME_H
#define CREALTIME_H

#include <stdbool.h>
#include <stdint.h>

// Real-time checking. The sanitizer's runtime defines these; without it they stay null.
extern void __rtsan_realtime_enter(void) __attribute__((weak));
extern void __rtsan_realtime_exit(void) __attribute__((weak));
extern void __rtsan_disable(void) __attribute__((weak));
extern void __rtsan_enable(void) __attribute__((weak));

static inline bool crealtime_is_checked(void) { return __rtsan_realtime_enter != 0; }

static inline void crealtime_enter(void) {
  if (__rtsan_realtime_enter) __rtsan_realtime_enter();
}

static inline void crealtime_exit(void) {
  if (__rtsan_realtime_exit) __rtsan_realtime_exit();
}

// Scheduling of the calling thread. Each returns 0 or an errno value.
int crealtime_pin_to_cpu(int cpu);
int crealtime_set_fifo(int priority);
int crealtime_set_name(const char *name);
int crealtime_fifo_priority(void);  // of the calling thread, 0 under any other policy
bool crealtime_may_schedule(void);  // CAP_SYS_NICE in force
bool crealtime_may_lock(void);      // CAP_IPC_LOCK in force

// Gives the free pages of the heap back to the system.
void crealtime_trim_heap(void);

// The processors that the calling thread may use, rising; returns how many were written.
int crealtime_allowed_cpus(int *cpus, int capacity);

// Lets a thread of this process run on these processors only. Returns 0 or an errno value.
int crealtime_restrict_to_cpus(int thread, const int *cpus, int count);

// Waits until woken while the word is as expected, or wakes all who wait. Both may return early.
void crealtime_futex_wait(const uint32_t *word, uint32_t expected);
void crealtime_futex_wake_all(const uint32_t *word);

// Lets another thread of the same priority run.
void crealtime_yield(void);

// Tells the processor that this is a loop that waits.
static inline void crealtime_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
  __asm__ volatile("yield");
#endif
}

// Allocations, reallocations and releases of the calling thread; programs that count them (see
// CAllocationWatch) define it, in others it stays null.
extern int64_t allocation_watch_thread_count(void) __attribute__((weak));

// The same, or -1 if nobody counts.
static inline int64_t crealtime_heap_uses(void) {
  return allocation_watch_thread_count ? allocation_watch_thread_count() : -1;
}

// What the kernel has counted for the calling thread.
struct crealtime_usage {
  int64_t minor_faults, major_faults, voluntary_switches, involuntary_switches;
};
struct crealtime_usage crealtime_thread_usage(void);

// Stop requests. The handler only counts; polling is one relaxed atomic load.
int crealtime_stop_install(void);
void crealtime_stop_restore(void);
int crealtime_stop_requests(void);
int crealtime_stop_last_signal(void);
// To stop at once: asked for from any thread, by SIGQUIT, or by a second request.
void crealtime_stop_emergency(void);
bool crealtime_stop_is_emergency(void);
// For tests that share a process.
void crealtime_stop_forget(void);

#endif
