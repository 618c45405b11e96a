/* Loaded into a server by LD_PRELOAD: each flush takes SYNC_DELAY_US longer, as on a disk that really flushes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void wait_longer(void) {
    static int micros = -1;
    if (micros < 0) {
        const char *text = getenv("SYNC_DELAY_US");
        micros = text ? atoi(text) : 0;
    }
    usleep(micros);
}

int fsync(int fd) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fsync");
    wait_longer();
    return real(fd);
}

int fdatasync(int fd) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
    wait_longer();
    return real(fd);
}
