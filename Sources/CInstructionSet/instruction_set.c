#define _GNU_SOURCE
#include "CInstructionSet.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#if defined(__x86_64__)

// These functions run on any x86-64 processor, whatever the rest is compiled for.
#define ANYWHERE __attribute__((target("arch=x86-64")))

ANYWHERE const char *cinstructionset_missing(void) {
#if defined(__AVX2__) || defined(__FMA__) || defined(__AVX512F__)
  __builtin_cpu_init();
#endif
#if defined(__AVX2__)
  if (!__builtin_cpu_supports("avx2")) return "AVX2";
#endif
#if defined(__FMA__)
  if (!__builtin_cpu_supports("fma")) return "FMA";
#endif
#if defined(__BMI2__)
  if (!__builtin_cpu_supports("bmi2")) return "BMI2";
#endif
#if defined(__AVX512F__)
  if (!__builtin_cpu_supports("avx512f")) return "AVX-512";
#endif
#if defined(__AVX512VL__)
  if (!__builtin_cpu_supports("avx512vl")) return "AVX-512VL";
#endif
#if defined(__AVX512BW__)
  if (!__builtin_cpu_supports("avx512bw")) return "AVX-512BW";
#endif
#if defined(__AVX512DQ__)
  if (!__builtin_cpu_supports("avx512dq")) return "AVX-512DQ";
#endif
#if defined(__AVX512CD__)
  if (!__builtin_cpu_supports("avx512cd")) return "AVX-512CD";
#endif
  return NULL;
}

ANYWHERE static void say(const char *text) {
  ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
  (void)ignored;
}

// Before any other code of the program, which might hold such instructions.
ANYWHERE __attribute__((constructor(101))) static void check_at_start(void) {
#if defined(__FMA__)
  const char *missing = cinstructionset_missing();
  if (missing == NULL) return;
  say(program_invocation_short_name);
  say(": this program was built for a processor with ");
  say(missing);
  say(", which this one lacks. Build it on this machine (make build), or with "
      "-Xcc -march=x86-64-v3 for any processor since about 2013.\n");
  _exit(70);
#else
  say(program_invocation_short_name);
  say(": built without fused multiply-add, planning takes about 100 times as long. "
      "Build with make build, or with -Xcc -march=x86-64-v3.\n");
#endif
}

#else

// AArch64 has vectors and fused multiply-add from its first version on.
const char *cinstructionset_missing(void) { return NULL; }

#endif
