/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel image that a machine boots from. */
#ifndef FUSESCEN_VM_IMAGE_H
#define FUSESCEN_VM_IMAGE_H

#include <stdio.h>

#include "fusescen/util/files.h"

/* Returns what uname -r would print, from the bytes of the image; NULL if they
 * do not tell. */
char *image_release(const char *path);

/*
 * Returns the path of the file that qemu gets.  If the image is a bzImage, that
 * is the plain vmlinux in it, which is unpacked once into the cache.  It boots
 * sooner, through the PVH entry, without a BIOS and without unpacking itself.
 * If there is none, it is the image as it is.
 */
char *image_bootable(const char *path);

#endif
