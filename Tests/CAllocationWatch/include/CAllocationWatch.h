#ifndef CALLOCATIONWATCH_H
#define CALLOCATIONWATCH_H

// From the call on, the calling thread's use of the heap is counted.
void allocation_watch_this_thread(void);

// Allocations, reallocations and releases of all watched threads so far.
long allocation_watch_count(void);

// The same of the calling thread alone, watched or not.
long allocation_watch_own_count(void);

#endif
