// Without Z_SOLO the header pulls in the system's types, which Swift would then take for zlib's.
#define Z_SOLO 1
#include <zlib.h>
