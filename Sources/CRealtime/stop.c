#define _GNU_SOURCE
#include "CRealtime.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>

// Lock-free atomics are the only shared state a signal handler may touch.
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "int must be atomic without a lock");

static const int stop_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
enum { stop_signal_count = sizeof stop_signals / sizeof stop_signals[0] };

static atomic_int requests, last_signal, installed, emergency;
static struct sigaction previous[stop_signal_count];

static void count_request(int signal_number) {
  atomic_store_explicit(&last_signal, signal_number, memory_order_relaxed);
  if (signal_number == SIGQUIT) {
    crealtime_stop_emergency();
    return;
  }
  atomic_fetch_add_explicit(&requests, 1, memory_order_relaxed);
}

int crealtime_stop_install(void) {
  if (atomic_exchange(&installed, 1)) return 0;
  // What was asked for by other means than a signal is not forgotten.
  atomic_store(&requests, atomic_load(&emergency));
  atomic_store(&last_signal, 0);
  struct sigaction action = {.sa_handler = count_request, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < stop_signal_count; i++) {
    if (sigaction(stop_signals[i], &action, &previous[i]) != 0) return errno;
    // nohup asked for hang-ups to be ignored, and it keeps its word.
    if (stop_signals[i] == SIGHUP && previous[i].sa_handler == SIG_IGN)
      sigaction(SIGHUP, &previous[i], 0);
  }
  return 0;
}

void crealtime_stop_restore(void) {
  if (!atomic_exchange(&installed, 0)) return;
  for (int i = 0; i < stop_signal_count; i++) sigaction(stop_signals[i], &previous[i], 0);
}

int crealtime_stop_requests(void) { return atomic_load_explicit(&requests, memory_order_relaxed); }

int crealtime_stop_last_signal(void) {
  return atomic_load_explicit(&last_signal, memory_order_relaxed);
}

void crealtime_stop_emergency(void) {
  // Asked for again it is still one request, so that it does not cut short the files' completion.
  if (atomic_exchange(&emergency, 1) == 0) atomic_fetch_add(&requests, 1);
}

bool crealtime_stop_is_emergency(void) {
  return atomic_load_explicit(&emergency, memory_order_relaxed) != 0 || crealtime_stop_requests() > 1;
}

void crealtime_stop_forget(void) {
  atomic_store(&emergency, 0);
  atomic_store(&requests, 0);
}
