/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a machine is booted from: a kernel image, and an initial root. */
#ifndef FUSESCEN_VM_IMAGE_H
#define FUSESCEN_VM_IMAGE_H

#include <stdio.h>

#include "fusescen/util/files.h"

/* What uname -r would say, from the image's own bytes; NULL if they do not. */
char *image_release(const char *path);

/*
 * The file to give to qemu: the plain vmlinux that is in a bzImage, which is
 * unpacked once into the cache, because it boots sooner (through the PVH entry,
 * without a BIOS and without unpacking itself); the image as it is if that is
 * not to be had.
 */
char *image_bootable(const char *path);

#endif
