#define _GNU_SOURCE
#include "CRealtime.h"

#include <errno.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int crealtime_pin_to_cpu(int cpu) {
  if (cpu < 0 || cpu >= CPU_SETSIZE) return EINVAL;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  return pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

int crealtime_allowed_cpus(int *cpus, int capacity) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 0;
  int count = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE && count < capacity; cpu++)
    if (CPU_ISSET(cpu, &set)) cpus[count++] = cpu;
  return count;
}

int crealtime_restrict_to_cpus(int thread, const int *cpus, int count) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int i = 0; i < count; i++)
    if (cpus[i] >= 0 && cpus[i] < CPU_SETSIZE) CPU_SET(cpus[i], &set);
  return sched_setaffinity(thread, sizeof set, &set) == 0 ? 0 : errno;
}

int crealtime_set_fifo(int priority) {
  struct sched_param parameter = {.sched_priority = priority};
  return pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameter);
}

void crealtime_yield(void) { sched_yield(); }

int crealtime_set_name(const char *name) { return pthread_setname_np(pthread_self(), name); }

int crealtime_fifo_priority(void) {
  int policy;
  struct sched_param parameter;
  if (pthread_getschedparam(pthread_self(), &policy, &parameter) != 0) return 0;
  return policy == SCHED_FIFO ? parameter.sched_priority : 0;
}

static bool has_capability(int capability) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
  if (syscall(SYS_capget, &header, data) != 0) return false;
  return data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability);
}

bool crealtime_may_schedule(void) { return has_capability(CAP_SYS_NICE); }

bool crealtime_may_lock(void) { return has_capability(CAP_IPC_LOCK); }

struct crealtime_usage crealtime_thread_usage(void) {
  struct rusage usage;
  getrusage(RUSAGE_THREAD, &usage);
  return (struct crealtime_usage){
      .minor_faults = usage.ru_minflt,
      .major_faults = usage.ru_majflt,
      .voluntary_switches = usage.ru_nvcsw,
      .involuntary_switches = usage.ru_nivcsw,
  };
}
