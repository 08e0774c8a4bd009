/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Paths of the host that a scenario names: `mirror: DIR`, `{host: PATH}`.  A
 * scenario may come from a stranger and be run by root, so it reaches only what
 * whoever runs it has allowed by name.  Thread-safe.
 */
#ifndef BACKEND_HOST_PATHS_H
#define BACKEND_HOST_PATHS_H

/*
 * Open path with O_PATH and flags, if it is one of the directories in allowed or
 * below one.  What counts is where the opened file is, not how its path is
 * spelled, so that neither symbolic links nor ".." lead out.  allowed ends with
 * NULL; without any (NULL) nothing may be opened.
 *
 * The descriptor, or -1 and errno: EPERM when it is not allowed, or when the file
 * is in a filesystem by which the kernel is controlled (/proc, /sys, /dev and
 * their like), which nobody can allow; else what open(2) said.
 */
int host_path_open(const char *const *allowed, const char *path, int flags);

/*
 * Where the directory of this name is: an absolute path without symbolic links, for
 * the caller to free; or NULL and errno.  No filesystem is asked that may be mounted
 * there and not answer.  (realpath(3) would ask, and take a file as well.)
 */
char *host_directory(const char *path);

#endif
