/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Operations on locks.  A request that has to wait is kept (its thread goes
 * on) and answered by whoever lets go of the lock, by INTERRUPT, or at the end.
 *
 * Who frees a waiter: the thread that took it out of the table, or that was
 * told it never got in.  libfuse runs on_interrupt() under the request's lock,
 * and taking the callback back waits for that lock: afterwards nobody but us
 * knows the waiter.
 */
#include "config.h"

#include "backend/memory/memory.h"
#include "backend/memory/memory_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

static void finish(struct lock_waiter *w, int err)
{
	fuse_req_t req = w->ctx;

	free(w);
	fuse_reply_err(req, err);
}

static void answer(struct lock_waiter *list)
{
	while (list) {
		struct lock_waiter *w = list;

		list = w->next;
		fuse_req_interrupt_func(w->ctx, NULL, NULL);
		finish(w, w->result);
	}
}

static void on_interrupt(fuse_req_t req, void *data)
{
	struct lock_waiter *w = data;

	if (lock_table_cancel(memfs_of(req)->store->locks, w))
		finish(w, EINTR);
}

static void set_waiting(fuse_req_t req, const struct lock_range *want)
{
	struct lock_table *locks = memfs_of(req)->store->locks;
	struct lock_waiter *w = xcalloc(1, sizeof(*w)), *granted = NULL;
	int err;

	w->want = *want;
	w->ctx = req;
	w->who = memfs_of(req);
	/* Do this before w waits, because afterwards w may be freed at any
	 * time. */
	fuse_req_interrupt_func(req, on_interrupt, w);
	err = lock_table_wait(locks, w, &granted);
	if (err != EAGAIN) {
		w->result = err;
		w->next = NULL;
		answer(w);
	}
	answer(granted);
}

/* libfuse hands on what the message says. */
static bool is_lock(const struct lock_range *want)
{
	return want->start <= want->end &&
		(want->type == F_RDLCK || want->type == F_WRLCK ||
		 want->type == F_UNLCK);
}

static void set(fuse_req_t req, const struct lock_range *want, bool wait)
{
	struct lock_waiter *granted = NULL;
	struct inode *i;
	int err;

	if (!is_lock(want)) {
		fuse_reply_err(req, EINVAL);
		return;
	}
	i = memfs_lock(req, want->ino, false);
	if (!i)
		return;
	inode_unlock(i);
	if (wait && want->type != F_UNLCK) {
		set_waiting(req, want);
		return;
	}
	err = lock_table_set(memfs_of(req)->store->locks, want, &granted);
	fuse_reply_err(req, err);
	answer(granted);
}

static struct lock_range posix_range(fuse_ino_t ino,
				     const struct fuse_file_info *fi,
				     const struct flock *lk)
{
	return (struct lock_range){
		.ino = ino, .owner = fi->lock_owner, .fh = fi->fh,
		.class = LOCKS_POSIX, .type = lk->l_type, .start = lk->l_start,
		.end = lk->l_len ? (uint64_t)lk->l_start + lk->l_len - 1
				 : LOCK_EOF,
		.pid = lk->l_pid,
	};
}

void memfs_op_getlk(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi,
		    struct flock *lk)
{
	struct lock_range want = posix_range(ino, fi, lk), by;

	if (!is_lock(&want)) {
		fuse_reply_err(req, EINVAL);
		return;
	}
	if (lock_table_test(memfs_of(req)->store->locks, &want, &by)) {
		lk->l_type = by.type;
		lk->l_start = by.start;
		lk->l_len = by.end == LOCK_EOF ? 0 : by.end - by.start + 1;
		lk->l_pid = by.pid;
	} else {
		lk->l_type = F_UNLCK;
	}
	lk->l_whence = SEEK_SET;
	fuse_reply_lock(req, lk);
}

void memfs_op_setlk(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi,
		    struct flock *lk, int sleep)
{
	struct lock_range want = posix_range(ino, fi, lk);

	set(req, &want, sleep);
}

void memfs_op_flock(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi,
		    int op)
{
	struct lock_range want = {
		.ino = ino, .owner = fi->lock_owner, .fh = fi->fh,
		.class = LOCKS_FLOCK, .type = F_UNLCK,
		.start = 0, .end = LOCK_EOF,
	};

	if (op & LOCK_SH)
		want.type = F_RDLCK;
	if (op & LOCK_EX)
		want.type = F_WRLCK;
	set(req, &want, !(op & LOCK_NB));
}

void memfs_op_flush(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct lock_waiter *granted = NULL;

	/* close(2) ends the process's locks, and no other message says so. */
	lock_table_drop_owner(memfs_of(req)->store->locks, ino, LOCKS_POSIX,
			   fi->lock_owner, &granted);
	fuse_reply_err(req, 0);
	answer(granted);
}

void memfs_op_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct lock_table *locks = memfs_of(req)->store->locks;
	struct lock_waiter *granted = NULL;

	if (fi->flock_release)
		lock_table_drop_owner(locks, ino, LOCKS_FLOCK, fi->lock_owner,
				   &granted);
	lock_table_drop_fh(locks, ino, fi->fh, &granted);
	fuse_reply_err(req, 0);
	answer(granted);
}

unsigned memfs_waiting(struct memfs *fs)
{
	return lock_table_waiting(fs->store->locks, fs);
}

void memfs_cancel(struct memfs *fs)
{
	struct lock_waiter *waiting;

	lock_table_drain(fs->store->locks, &waiting);
	answer(waiting);
}
