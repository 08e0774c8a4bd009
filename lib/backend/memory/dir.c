/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Listing directories.  The offset of an entry is its cookie, so a listing goes
 * on where it was whatever came or went meanwhile.  Runs on the session's
 * threads with the names lock held for reading; it is given up before the
 * answer is sent.
 */
#include "config.h"

#include "backend/memory/memory_impl.h"

#include <errno.h>

#include "base/lock.h"

/* A listing being made. */
struct listing {
	fuse_req_t req;
	struct memfs *fs;
	bool plus;
	char *p;
	size_t len, cap;
};

/* False: no more room. */
static bool add(struct listing *l, const char *name, struct inode *i,
		uint64_t cookie)
{
	char *at = l->p + l->len;
	size_t room = l->cap - l->len, n;
	struct fuse_entry_param e;

	if (l->plus) {
		memfs_entry(l->fs, i, &e);
		n = fuse_add_direntry_plus(l->req, at, room, name, &e, cookie);
	} else {
		const struct stat st = {
			.st_ino = atomic_load(&i->ino), .st_mode = i->type,
		};

		n = fuse_add_direntry(l->req, at, room, name, &st, cookie);
	}
	if (n > room)
		return false;
	l->len += n;
	/* fs/fuse/readdir.c: "." and ".." take no lookup. */
	if (l->plus && cookie >= DIRENTS_FIRST_COOKIE)
		inode_seen(i);
	return true;
}

static void fill(struct listing *l, struct inode *dir, uint64_t cookie)
{
	struct dirent_row *row;

	if (cookie < 1 && !add(l, ".", dir, 1))
		return;
	if (cookie < 2 && !add(l, "..", dir->parent, 2))
		return;
	for (row = dirents_after(&dir->entries, cookie); row;
	     row = dirents_after(&dir->entries, row->cookie))
		if (!add(l, row->name, row->inode, row->cookie))
			return;
}

static void list(fuse_req_t req, fuse_ino_t ino, size_t size, off_t at, bool plus)
{
	auto_free char *p = xmalloc(size);
	struct listing l = { req, memfs_of(req), plus, p, 0, size };
	struct inode_table *t = &l.fs->store->nodes;
	struct inode *dir;
	int err = 0;

	rwlock_read(&t->names);
	dir = inode_find(t, ino);
	if (!dir)
		err = ESTALE;
	else if (dir->type != S_IFDIR)
		err = ENOTDIR;
	else
		fill(&l, dir, at);
	rwlock_unlock(&t->names);
	if (err)
		fuse_reply_err(req, err);
	else
		fuse_reply_buf(req, p, l.len);
}

void memfs_op_opendir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct inode *i = memfs_lock(req, ino, false);
	bool dir;

	if (!i)
		return;
	dir = i->type == S_IFDIR;
	inode_unlock(i);
	if (!dir) {
		fuse_reply_err(req, ENOTDIR);
		return;
	}
	fi->fh = atomic_fetch_add(&memfs_of(req)->store->last_fh, 1) + 1;
	fuse_reply_open(req, fi);
}

void memfs_op_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t at,
		      struct fuse_file_info *fi)
{
	(void)fi;
	list(req, ino, size, at, false);
}

void memfs_op_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size, off_t at,
			  struct fuse_file_info *fi)
{
	(void)fi;
	list(req, ino, size, at, true);
}

void memfs_op_releasedir(fuse_req_t req, fuse_ino_t ino,
			 struct fuse_file_info *fi)
{
	(void)ino;
	(void)fi;
	fuse_reply_err(req, 0);
}
