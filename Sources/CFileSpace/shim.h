#pragma once
#include <sys/types.h>

/* As in Linux's fcntl.h, which shows them to programs that define _GNU_SOURCE only. */
int fallocate(int descriptor, int mode, off_t offset, off_t length);

/* Space is reserved beyond the end of the file, which stays where it is. */
enum { REPLAN_FALLOC_KEEP_SIZE = 1 };
