/* Loaded before libc: every wait for the disk takes SLOW_SYNC_US microseconds longer, as on a network disk. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void wait_longer(void) {
  const char *text = getenv("SLOW_SYNC_US");
  long us = text == NULL ? 0 : atol(text);
  struct timespec pause = {us / 1000000, (us % 1000000) * 1000};
  nanosleep(&pause, NULL);
}

int fdatasync(int descriptor) {
  static int (*real)(int) = NULL;
  if (real == NULL) real = dlsym(RTLD_NEXT, "fdatasync");
  wait_longer();
  return real(descriptor);
}

int fsync(int descriptor) {
  static int (*real)(int) = NULL;
  if (real == NULL) real = dlsym(RTLD_NEXT, "fsync");
  wait_longer();
  return real(descriptor);
}
