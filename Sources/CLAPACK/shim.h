// Complex numbers as structures: Swift takes no declaration that has C's own.
#define LAPACK_COMPLEX_STRUCTURE
#include <lapacke.h>
