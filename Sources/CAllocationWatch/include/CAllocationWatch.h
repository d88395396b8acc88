#ifndef CALLOCATIONWATCH_H
#define CALLOCATIONWATCH_H

#include <stdint.h>

// Allocations, reallocations and releases of the calling thread since it started.
int64_t allocation_watch_thread_count(void);

#endif
