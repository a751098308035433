/* A disk that fails when it is told to, and that remembers everything it was asked to do.
 *
 * Loaded into a process before its C library (LD_PRELOAD), this stands between SQLite and the
 * system. For files below one folder it can (1) make writes, truncations and syncs fail with any
 * error, after half of the bytes if wanted; (2) keep a trace of all of them, with their bytes, from
 * which a test makes what a loss of power may leave. Python steers it through ctypes:
 *
 *     faulty_below(folder)                    which files are meant
 *     faulty_fail(every, error, times, half)  each `every`-th call fails, `times` in a row; 0: none
 *     faulty_only_syncs(yes)                  whether nothing else counts
 *     faulty_fired()                          how many have failed since it was asked to
 *     faulty_trace(handle)                    where the trace goes; -1: nowhere
 *
 * A line of the trace: what (create, write, truncate, sync, unlink), length of the path, offset,
 * length of the data; path; data.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static char folder[PATH_MAX];
static long every, seen, fired, in_a_row, times_in_a_row = 1;
static int fault, halved, only_syncs, trace = -1;

void faulty_below(const char *path) { snprintf(folder, sizeof folder, "%s", path); }

void faulty_fail(long n, int error, long times, int half) {
    static long before;
    if (n && n != before)
        before = n, seen = 0; /* else it is counted on, across pauses */
    every = n, fault = error, times_in_a_row = times, halved = half, fired = 0, in_a_row = 0;
}

void faulty_only_syncs(int yes) { only_syncs = yes; }

long faulty_fired(void) { return fired; }

void faulty_trace(int handle) { trace = handle; }

static int meant(const char *path) {
    size_t length = strlen(folder);
    return length && !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

/* The path of an open file, if it is one of those that are meant. */
static int which(int handle, char *path) {
    char link[64];
    if (!folder[0])
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    if (length <= 0)
        return 0;
    path[length] = 0;
    return meant(path);
}

static void put(const void *bytes, size_t length) {
    const char *from = bytes;
    while (length) {
        ssize_t done = syscall(SYS_write, trace, from, length);
        if (done <= 0)
            abort();
        from += done, length -= (size_t)done;
    }
}

static void note(char what, const char *path, int64_t offset, const void *data, int64_t length) {
    if (trace < 0)
        return;
    int64_t head[4] = {what, (int64_t)strlen(path), offset, length};
    put(head, sizeof head);
    put(path, strlen(path));
    if (data)
        put(data, (size_t)length);
}

/* Whether this call fails. */
static int fails(int sync) {
    if (!every || (only_syncs && !sync))
        return 0;
    if (in_a_row > 0) {
        in_a_row--;
        fired++;
        return 1;
    }
    if (++seen % every)
        return 0;
    in_a_row = times_in_a_row - 1;
    fired++;
    return 1;
}

static ssize_t store(int handle, const void *data, size_t length, off64_t offset, int placed) {
    char path[PATH_MAX];
    int ours = which(handle, path);
    if (ours && fails(0)) {
        if (!halved || length < 2 || in_a_row != times_in_a_row - 1) {
            errno = fault;
            return -1;
        }
        length /= 2; /* the first of a row is cut short, and the next says why */
    }
    ssize_t done = placed ? syscall(SYS_pwrite64, handle, data, length, offset)
                          : syscall(SYS_write, handle, data, length);
    if (ours && done > 0) {
        if (!placed)
            offset = syscall(SYS_lseek, handle, 0, SEEK_CUR) - done;
        note('w', path, offset, data, done);
    }
    return done;
}

ssize_t write(int handle, const void *data, size_t length) {
    return store(handle, data, length, 0, 0);
}
ssize_t pwrite(int handle, const void *data, size_t length, off_t offset) {
    return store(handle, data, length, offset, 1);
}
ssize_t pwrite64(int handle, const void *data, size_t length, off64_t offset) {
    return store(handle, data, length, offset, 1);
}

static int cut(int handle, off64_t length) {
    char path[PATH_MAX];
    int ours = which(handle, path);
    if (ours && fails(0)) {
        errno = fault;
        return -1;
    }
    int done = (int)syscall(SYS_ftruncate, handle, length);
    if (ours && !done)
        note('t', path, length, NULL, 0);
    return done;
}

int ftruncate(int handle, off_t length) { return cut(handle, length); }
int ftruncate64(int handle, off64_t length) { return cut(handle, length); }

static int settle(int handle, long number) {
    char path[PATH_MAX];
    int ours = which(handle, path);
    if (ours && fails(1)) {
        errno = fault;
        return -1;
    }
    int done = (int)syscall(number, handle);
    if (ours && !done)
        note('s', path, 0, NULL, 0);
    return done;
}

int fsync(int handle) { return settle(handle, SYS_fsync); }
int fdatasync(int handle) { return settle(handle, SYS_fdatasync); }

static int begin(const char *path, int flags, mode_t mode) {
    char *full = flags & O_CREAT ? realpath(path, NULL) : NULL;
    int done = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (flags & O_CREAT && !full && done >= 0) {
        char made[PATH_MAX];
        if (which(done, made))
            note('c', made, 0, NULL, 0);
    }
    free(full);
    return done;
}

int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return begin(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return begin(path, flags | O_LARGEFILE, mode);
}

int unlink(const char *path) {
    int done = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (!done && meant(path))
        note('u', path, 0, NULL, 0);
    return done;
}
