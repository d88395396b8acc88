#ifndef CALLOCATIONWATCH_H
#define CALLOCATIONWATCH_H

#include <stdint.h>

// From the call on, the calling thread's use of the heap is counted.
void allocation_watch_this_thread(void);

// Allocations, reallocations and releases of all watched threads so far.
long allocation_watch_count(void);

// The same of the calling thread alone, since it started; every thread is counted.
int64_t allocation_watch_thread_count(void);

#endif
