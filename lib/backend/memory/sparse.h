/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bytes of a file: pages in a radix tree, holes where nothing was written.
 * It does not know the file's size.  The owner of the file serialises: readers
 * (read, iov, next) may run side by side, everything else runs alone.  The
 * quota is shared by all files of a filesystem and needs no lock.
 */
#ifndef BACKEND_MEMORY_SPARSE_H
#define BACKEND_MEMORY_SPARSE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

#define SPARSE_PAGE	4096u

struct quota {
	_Atomic uint64_t used;	/* bytes */
	uint64_t limit;
	atomic_bool full;	/* more was asked for */
};

struct sparse_node;

struct sparse {
	struct sparse_node *root;
	unsigned height;	/* levels of nodes; 0: empty */
	uint64_t pages;		/* present */
	struct quota *quota;
};

void sparse_init(struct sparse *s, struct quota *quota);
void sparse_fini(struct sparse *s);
/* Bytes written (less than len when the quota ends), or -ENOSPC. */
ssize_t sparse_write(struct sparse *s, uint64_t at, const void *p, size_t len);
/* Holes read as zeros. */
void sparse_read(const struct sparse *s, uint64_t at, void *p, size_t len);
/* The same without copying: how many of iov (max of them) were filled; they
 * cover *done bytes and are good until the next change. */
int sparse_iov(const struct sparse *s, uint64_t at, size_t len,
	       struct iovec *iov, int max, size_t *done);
/* Make it zeros; whole pages become holes.  len may reach to UINT64_MAX. */
void sparse_punch(struct sparse *s, uint64_t at, uint64_t len);
/* Fill the holes with pages of zeros: 0, or ENOSPC and nothing changed. */
int sparse_fill(struct sparse *s, uint64_t at, uint64_t len);
/* The first byte at or after `at` that is in a page (data) or in a hole;
 * UINT64_MAX when there is no more data. */
uint64_t sparse_next(const struct sparse *s, uint64_t at, bool data);
/* How many bytes at a place, of len at most, are alike: a hole (*is_data says
 * not), or data, of which max are counted. */
uint64_t sparse_run(const struct sparse *s, uint64_t at, uint64_t len,
		    uint64_t max, bool *is_data);

#endif
