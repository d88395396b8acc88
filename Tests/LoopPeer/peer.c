// The least that a controller can be: a frame comes, a frame goes.
//
// Usage: loop-peer DEVICE CPU PRIORITY ANSWER
//
// For each frame of wire format v2 that has come in whole, the bytes of ANSWER (hexadecimal) are
// written. It runs under SCHED_FIFO on one processor with its memory locked and the processors kept
// awake, as the control thread of replan does, and ends when the line hangs up.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

enum { MAGIC = 0xFD, FRAME_OVERHEAD = 12, LONGEST_FRAME = 280 };

static int fail(const char *what) {
  fprintf(stderr, "loop-peer: %s: %s\n", what, strerror(errno));
  return 1;
}

static size_t parse_hex(const char *text, unsigned char *bytes, size_t capacity) {
  size_t count = 0;
  while (count < capacity && sscanf(text + 2 * count, "%2hhx", &bytes[count]) == 1) count++;
  return count;
}

static int open_line(const char *path) {
  int line = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (line < 0) return line;
  struct termios settings;
  if (tcgetattr(line, &settings) != 0) return -1;
  cfmakeraw(&settings);
  settings.c_cflag |= CLOCAL | CREAD;
  if (tcsetattr(line, TCSANOW, &settings) != 0) return -1;
  tcflush(line, TCIOFLUSH);
  return line;
}

// Not every host grants all of it; what it does not grant, replan does not get either.
static void prepare(int cpu, int priority) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  sched_setaffinity(0, sizeof set, &set);
  struct sched_param parameter = {.sched_priority = priority};
  sched_setscheduler(0, SCHED_FIFO, &parameter);
  mlockall(MCL_CURRENT | MCL_FUTURE);
  // No deep sleep of the processors, for as long as the file stays open.
  int latency = open("/dev/cpu_dma_latency", O_WRONLY | O_CLOEXEC);
  int32_t microseconds = 0;
  if (latency >= 0 && write(latency, &microseconds, sizeof microseconds) < 0) close(latency);
}

// Removes a whole frame from the front, or the bytes before one; returns whether a frame was there.
static int take_frame(unsigned char *bytes, size_t *count) {
  size_t start = 0;
  while (start < *count && bytes[start] != MAGIC) start++;
  size_t whole = *count - start >= 2 ? FRAME_OVERHEAD + (size_t)bytes[start + 1] : SIZE_MAX;
  int has_frame = *count - start >= whole;
  if (has_frame) start += whole;
  *count -= start;
  memmove(bytes, bytes + start, *count);
  return has_frame;
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "usage: loop-peer DEVICE CPU PRIORITY ANSWER\n");
    return 64;
  }
  unsigned char answer[LONGEST_FRAME];
  size_t answer_length = parse_hex(argv[4], answer, sizeof answer);
  int line = open_line(argv[1]);
  if (line < 0) return fail(argv[1]);
  prepare(atoi(argv[2]), atoi(argv[3]));
  unsigned char bytes[2 * LONGEST_FRAME];
  size_t count = 0;
  for (;;) {
    struct pollfd watched = {.fd = line, .events = POLLIN};
    if (poll(&watched, 1, -1) < 0 && errno != EINTR) return fail("poll");
    ssize_t got = read(line, bytes + count, sizeof bytes - count);
    if (got == 0 || (got < 0 && errno == EIO)) return 0;
    if (got < 0 && errno != EAGAIN && errno != EINTR) return fail("read");
    if (got > 0) count += (size_t)got;
    while (take_frame(bytes, &count)) {
      if (write(line, answer, answer_length) < 0 && errno != EAGAIN) return fail("write");
    }
    if (count == sizeof bytes) count = 0;
  }
}
