/* LD_PRELOAD: counts fsync and fdatasync into the 8 bytes of the file that ORC_SYNC_COUNT names, at the cost of an increment.
   ORC_SYNC_DELAY_US makes each of them take so much longer, as on a slower disk. It spins: a short sleep is not kept to by every kernel. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static _Atomic uint64_t* count;
static int64_t delay_ns;
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

__attribute__((constructor)) static void begin(void) {
  real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  const char* delay_us = getenv("ORC_SYNC_DELAY_US");
  if (delay_us != NULL) delay_ns = strtol(delay_us, NULL, 10) * 1000;
  const char* path = getenv("ORC_SYNC_COUNT");
  const int file = path != NULL ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
  if (file < 0 || ftruncate(file, sizeof(uint64_t)) != 0) return;
  void* page = mmap(NULL, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (page != MAP_FAILED) count = page;
  close(file);
}

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void one_more(void) {
  if (count != NULL) atomic_fetch_add_explicit(count, 1, memory_order_relaxed);
  for (const int64_t end = delay_ns > 0 ? now_ns() + delay_ns : 0; delay_ns > 0 && now_ns() < end;) continue;
}

__attribute__((visibility("default"))) int fsync(int file) {
  one_more();
  return real_fsync(file);
}

__attribute__((visibility("default"))) int fdatasync(int file) {
  one_more();
  return real_fdatasync(file);
}
