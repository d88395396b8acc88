#include "CRealtime.h"

#include <malloc.h>

void crealtime_trim_heap(void) { malloc_trim(0); }
