/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The null backend: its files, and a function for each request.  While the log
 * does not record requests, a READ or WRITE that no rule can match need not pass
 * the tap: null_is_free().
 */
#include "config.h"

#include "backend/null/null.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/units.h"

#define BLOCK		4096u
#define BIRTH_S		946684800	/* as in memory: 2000-01-01 UTC */
/* More than any reply holds (64 K pages); never written to, so all of it is
 * the kernel's one page of zeros, which stays in the cache. */
#define ZEROS		(256ul << 20)
#define DEFAULT_SIZE	(1ull << 30)

struct null_file {
	const struct file_spec *spec;
	size_t parent;			/* index; the root's own for the root */
	const char *name;
	struct wire_entry_out entry;	/* all that is known of it */
	bool read_is_free, write_is_free;
};

struct nullfs {
	struct backend backend;		/* first */
	struct null_file *files;	/* [0] is the root; by path */
	size_t n;
	uint64_t negative_ns;
	void *zeros;
};

/* Without files of a scenario there is this one, and the root. */
static const struct file_spec default_root = {
	.path = "/", .type = NODE_DIR, .mode = 0755,
	.entry_ns = UINT64_MAX, .attr_ns = UINT64_MAX,
};
static const struct file_spec default_file = {
	.path = "/data", .type = NODE_FILE, .mode = 0666, .size = DEFAULT_SIZE,
	.entry_ns = UINT64_MAX, .attr_ns = UINT64_MAX,
};

static struct nullfs *null_of(struct backend *b)
{
	return (struct nullfs *)b;
}

/* ---- making -------------------------------------------------------------- */

static uint32_t type_bits(enum node_type type)
{
	switch (type) {
	case NODE_FILE:
		return S_IFREG;
	case NODE_DIR:
		return S_IFDIR;
	case NODE_SYMLINK:
		return S_IFLNK;
	case NODE_FIFO:
		return S_IFIFO;
	}
	return 0;
}

static struct wire_attr attr_of(const struct file_spec *spec, uint64_t nodeid)
{
	uint64_t size = spec->target ? strlen(spec->target) : spec->size;

	return (struct wire_attr){
		.ino = nodeid, .size = size, .blocks = (size + 511) / 512,
		.atime = BIRTH_S, .mtime = BIRTH_S, .ctime = BIRTH_S,
		.mode = type_bits(spec->type) | (spec->mode & 07777),
		.nlink = spec->type == NODE_DIR ? 2 : 1,
		.uid = backend_uid(spec->uid), .gid = backend_gid(spec->gid),
		.blksize = BLOCK,
	};
}

static void set_valid(uint64_t ns, uint64_t *s, uint32_t *nsec)
{
	*s = ns / NS_PER_S;
	*nsec = (uint32_t)(ns % NS_PER_S);
}

/* Paths are compared as the loader sorted them; the root is before all. */
static int compare_path(const void *path, const void *file)
{
	return strcmp(path, ((const struct null_file *)file)->spec->path);
}

static const struct null_file *find_path(const struct nullfs *fs,
					 const char *path)
{
	return bsearch(path, fs->files, fs->n, sizeof(*fs->files),
		       compare_path);
}

/* Parents are there already: they come first. */
static void add_file(struct nullfs *fs, const struct mount_spec *mount,
		     const struct file_spec *spec)
{
	struct null_file *f = &fs->files[fs->n];
	const char *slash = strrchr(spec->path, '/');
	auto_free char *dir = xstrdup(slash == spec->path ? "/" : spec->path);
	struct wire_entry_out *e = &f->entry;

	f->spec = spec;
	f->name = slash + 1;
	if (slash != spec->path)
		dir[slash - spec->path] = '\0';
	if (fs->n)
		f->parent = (size_t)(find_path(fs, dir) - fs->files);
	e->nodeid = ++fs->n;
	e->attr = attr_of(spec, e->nodeid);
	set_valid(spec->entry_ns != UINT64_MAX ? spec->entry_ns :
		  mount_entry_ns(mount), &e->entry_valid, &e->entry_valid_nsec);
	set_valid(spec->attr_ns != UINT64_MAX ? spec->attr_ns :
		  mount_attr_ns(mount), &e->attr_valid, &e->attr_valid_nsec);
}

static void null_free(struct backend *b)
{
	struct nullfs *fs = null_of(b);

	munmap(fs->zeros, ZEROS);
	free(fs->files);
	free(fs);
}

static struct backend *null_make(const struct mount_spec *spec, struct diags *dg)
{
	struct nullfs *fs = xcalloc(1, sizeof(*fs));
	size_t i;

	(void)dg;
	fs->backend.ops = &null_backend;
	fs->negative_ns = mount_negative_ns(spec);
	fs->zeros = mmap(NULL, ZEROS, PROT_READ,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (fs->zeros == MAP_FAILED)
		die_bug("null: mmap");
	/* A huge page of zeros would not stay in the cache. */
	madvise(fs->zeros, ZEROS, MADV_NOHUGEPAGE);
	fs->files = xcalloc(spec->n_files + 2, sizeof(*fs->files));
	if (!spec->n_files || strcmp(spec->files[0].path, "/"))
		add_file(fs, spec, &default_root);
	for (i = 0; i < spec->n_files; i++)
		add_file(fs, spec, &spec->files[i]);
	if (!spec->n_files)
		add_file(fs, spec, &default_file);
	return &fs->backend;
}

static void null_begin(struct backend *b, struct engine *e, int mount)
{
	struct nullfs *fs = null_of(b);
	size_t i;

	(void)mount;
	for (i = 0; i < fs->n; i++) {
		struct null_file *f = &fs->files[i];

		f->read_is_free = !engine_concerns(e, OP_READ, f->spec->path);
		f->write_is_free = !engine_concerns(e, OP_WRITE, f->spec->path);
	}
}

/* ---- looking in ---------------------------------------------------------- */

static const struct null_file *find_node(const struct nullfs *fs, uint64_t nodeid)
{
	return nodeid && nodeid <= fs->n ? &fs->files[nodeid - 1] : NULL;
}

static bool null_is_free(const struct backend *b, const struct wire_in_header *h)
{
	const struct nullfs *fs = (const struct nullfs *)b;
	const struct null_file *f = find_node(fs, h->nodeid);

	return f && ((h->opcode == OP_WRITE && f->write_is_free) ||
		     (h->opcode == OP_READ && f->read_is_free));
}

static const struct file_spec *null_spec(struct backend *b, uint64_t nodeid)
{
	const struct null_file *f = find_node(null_of(b), nodeid);

	return f ? f->spec : NULL;
}

static uint64_t null_find(struct backend *b, const char *path)
{
	const struct null_file *f = find_path(null_of(b), path);

	return f ? f->entry.nodeid : 0;
}

static ssize_t null_peek(struct backend *b, const char *path, uint64_t offset,
			 void *p, size_t len, uint64_t *size)
{
	const struct null_file *f = find_path(null_of(b), path);
	size_t n = 0;

	if (!f)
		return -ENOENT;
	*size = f->entry.attr.size;
	if (f->spec->type != NODE_FILE)
		return -EISDIR;
	if (offset < *size)
		n = len < *size - offset ? len : (size_t)(*size - offset);
	memset(p, 0, n);
	return (ssize_t)n;
}

/* ---- answering ----------------------------------------------------------- */

/* One request, cut into what most operations need.  in: the fixed part, zeros
 * where an older kernel's is shorter. */
struct asked {
	struct nullfs *fs;
	const struct null_file *file;
	const char *name;		/* of a file in that directory, or NULL */
	union {
		struct wire_read_in read;
		struct wire_write_in write;
	} in;
};

static void put_body(struct backend_reply *reply, const void *p, size_t len)
{
	reply->iov[1] = (struct iovec){ (void *)p, len };
	reply->n = len ? 2 : 1;
}

static const struct null_file *child(const struct asked *q)
{
	const char *dir = q->file->spec->path;
	auto_free char *path = xasprintf("%s/%s", dir[1] ? dir : "", q->name);

	return q->file->spec->type == NODE_DIR ? find_path(q->fs, path) : NULL;
}

static int do_lookup(const struct asked *q, struct backend_reply *reply)
{
	const struct null_file *f = child(q);

	if (!f && !q->fs->negative_ns)
		return ENOENT;
	reply->body.entry = (struct wire_entry_out){ 0 };
	if (f)
		reply->body.entry = f->entry;
	else
		set_valid(q->fs->negative_ns, &reply->body.entry.entry_valid,
			  &reply->body.entry.entry_valid_nsec);
	put_body(reply, &reply->body.entry, sizeof(reply->body.entry));
	return 0;
}

/* SETATTR too: what is set is not kept. */
static int do_attr(const struct asked *q, struct backend_reply *reply)
{
	const struct wire_entry_out *e = &q->file->entry;

	reply->body.attr = (struct wire_attr_out){
		.attr_valid = e->attr_valid,
		.attr_valid_nsec = e->attr_valid_nsec, .attr = e->attr,
	};
	put_body(reply, &reply->body.attr, sizeof(reply->body.attr));
	return 0;
}

static struct wire_open_out open_of(const struct null_file *f)
{
	const struct file_spec *spec = f->spec;

	return (struct wire_open_out){
		.open_flags = spec->open_flags |
			(spec->backing.path ? FOPEN_PASSTHROUGH : 0),
	};
}

static int do_open(const struct asked *q, struct backend_reply *reply)
{
	reply->body.open = open_of(q->file);
	put_body(reply, &reply->body.open, sizeof(reply->body.open));
	return 0;
}

/* The kernel may have missed that the name is there. */
static int do_create(const struct asked *q, struct backend_reply *reply)
{
	const struct null_file *f = child(q);

	if (!f || f->spec->type != NODE_FILE)
		return f ? EEXIST : EPERM;
	reply->body.create.entry = f->entry;
	reply->body.create.open = open_of(f);
	put_body(reply, &reply->body.create, sizeof(reply->body.create));
	return 0;
}

static int do_read(const struct asked *q, struct backend_reply *reply)
{
	uint64_t size = q->file->entry.attr.size, at = q->in.read.offset;
	uint64_t n = q->in.read.size < ZEROS ? q->in.read.size : ZEROS;

	if (at >= size)
		n = 0;
	else if (n > size - at)
		n = size - at;
	put_body(reply, q->fs->zeros, n);
	return 0;
}

/* Like a disk of that size: there is no room beyond its end. */
static int do_write(const struct asked *q, struct backend_reply *reply)
{
	uint64_t size = q->file->entry.attr.size, at = q->in.write.offset;

	if (at >= size && q->in.write.size)
		return ENOSPC;
	reply->body.written = (struct wire_write_out){ .size = q->in.write.size };
	if (q->in.write.size > size - at)
		reply->body.written.size = (uint32_t)(size - at);
	put_body(reply, &reply->body.written, sizeof(reply->body.written));
	return 0;
}

static int do_readlink(const struct asked *q, struct backend_reply *reply)
{
	const char *target = q->file->spec->target;

	if (!target)
		return EINVAL;
	put_body(reply, target, strlen(target));
	return 0;
}

static int do_statfs(const struct asked *q, struct backend_reply *reply)
{
	(void)q;
	reply->body.statfs = (struct wire_statfs_out){
		.bsize = BLOCK, .frsize = BLOCK, .namelen = 255,
	};
	put_body(reply, &reply->body.statfs, sizeof(reply->body.statfs));
	return 0;
}

/* The tap puts in what was agreed on. */
static int do_init(const struct asked *q, struct backend_reply *reply)
{
	(void)q;
	reply->body.init = (struct wire_init_out){
		.major = WIRE_MAJOR, .minor = WIRE_MINOR,
	};
	put_body(reply, &reply->body.init, sizeof(reply->body.init));
	return 0;
}

/* One entry at the end of a listing; false: it does not fit.  Readdirplus may
 * leave out the node, then the kernel looks it up when it wants it. */
static bool put_entry(struct backend_reply *reply, size_t *len, size_t room,
		      bool plus, const char *name, uint64_t cookie,
		      const struct null_file *f)
{
	size_t head = plus ? sizeof(struct wire_entry_out) : 0;
	struct wire_dirent d = {
		.ino = f->entry.attr.ino, .off = cookie,
		.namelen = (uint32_t)strlen(name),
		.type = (f->entry.attr.mode & S_IFMT) >> 12,
	};
	size_t size = (head + sizeof(d) + d.namelen + 7) & ~(size_t)7;
	uint8_t *p = reply->body.entries + *len;

	if (size > room - *len)
		return false;
	memset(p, 0, size);
	memcpy(p + head, &d, sizeof(d));
	memcpy(p + head + sizeof(d), name, d.namelen);
	*len += size;
	return true;
}

/* Cookies: 1 and 2 behind "." and "..", then 3 + index. */
static int list(const struct asked *q, struct backend_reply *reply, bool plus)
{
	uint64_t at = q->in.read.offset, i = at > 2 ? at - 2 : 1;
	size_t room = q->in.read.size, len = 0;
	const struct nullfs *fs = q->fs;
	bool fits = true;

	if (room > sizeof(reply->body.entries))
		room = sizeof(reply->body.entries);
	if (at < 1)
		fits = put_entry(reply, &len, room, plus, ".", 1, q->file);
	if (fits && at < 2)
		fits = put_entry(reply, &len, room, plus, "..", 2,
				 &fs->files[q->file->parent]);
	for (; fits && i < fs->n; i++)
		if (&fs->files[fs->files[i].parent] == q->file)
			fits = put_entry(reply, &len, room, plus, fs->files[i].name,
					 i + 3, &fs->files[i]);
	put_body(reply, reply->body.entries, len);
	return 0;
}

static int do_readdir(const struct asked *q, struct backend_reply *reply)
{
	return list(q, reply, false);
}

static int do_readdirplus(const struct asked *q, struct backend_reply *reply)
{
	return list(q, reply, true);
}

static int do_nothing(const struct asked *q, struct backend_reply *reply)
{
	(void)q;
	(void)reply;
	return 0;
}

/* unlink(2), mkdir(2), ...: EPERM, "the filesystem does not support" it. */
static int do_refuse(const struct asked *q, struct backend_reply *reply)
{
	(void)q;
	(void)reply;
	return EPERM;
}

static int do_ioctl(const struct asked *q, struct backend_reply *reply)
{
	(void)q;
	(void)reply;
	return ENOTTY;
}

/* What is not here is ENOSYS: most of it the kernel then never asks again. */
static int (*const doing[])(const struct asked *q,
			    struct backend_reply *reply) = {
	[OP_LOOKUP] = do_lookup, [OP_GETATTR] = do_attr, [OP_SETATTR] = do_attr,
	[OP_READLINK] = do_readlink, [OP_SYMLINK] = do_refuse,
	[OP_MKNOD] = do_refuse, [OP_MKDIR] = do_refuse, [OP_UNLINK] = do_refuse,
	[OP_RMDIR] = do_refuse, [OP_RENAME] = do_refuse, [OP_LINK] = do_refuse,
	[OP_OPEN] = do_open, [OP_READ] = do_read, [OP_WRITE] = do_write,
	[OP_STATFS] = do_statfs, [OP_RELEASE] = do_nothing,
	[OP_FSYNC] = do_nothing, [OP_FLUSH] = do_nothing, [OP_INIT] = do_init,
	[OP_OPENDIR] = do_open, [OP_READDIR] = do_readdir,
	[OP_RELEASEDIR] = do_nothing, [OP_FSYNCDIR] = do_nothing,
	[OP_ACCESS] = do_nothing, [OP_CREATE] = do_create,
	[OP_DESTROY] = do_nothing, [OP_IOCTL] = do_ioctl,
	[OP_FALLOCATE] = do_nothing, [OP_READDIRPLUS] = do_readdirplus,
	[OP_RENAME2] = do_refuse, [OP_SYNCFS] = do_nothing,
};

/* Where the name is that an operation looks for; 0: it looks for none. */
static size_t name_at(uint32_t opcode)
{
	if (opcode == OP_LOOKUP)
		return sizeof(struct wire_in_header);
	if (opcode == OP_CREATE)
		return sizeof(struct wire_in_header) +
			sizeof(struct wire_create_in);
	return 0;
}

static int answer(const struct wire_in_header *h, size_t len, struct asked *q,
		  struct backend_reply *reply)
{
	size_t at = name_at(h->opcode), args = len - sizeof(*h);

	if (h->opcode >= ARRAY_SIZE(doing) || !doing[h->opcode])
		return ENOSYS;
	q->file = find_node(q->fs, h->nodeid);
	if (!q->file && h->opcode != OP_INIT && h->opcode != OP_DESTROY)
		return ESTALE;
	if (args > sizeof(q->in))
		args = sizeof(q->in);
	memcpy(&q->in, h + 1, args);
	if (at && (at >= len || ((const char *)h)[len - 1]))
		return EINVAL;
	if (at)
		q->name = (const char *)h + at;
	return doing[h->opcode](q, reply);
}

static bool null_answer(struct backend *b, const void *msg, size_t len,
			struct backend_reply *reply)
{
	const struct wire_in_header *h = msg;
	struct asked q = { .fs = null_of(b) };
	int err;

	if (h->opcode == OP_FORGET || h->opcode == OP_BATCH_FORGET ||
	    h->opcode == OP_INTERRUPT || h->opcode == OP_NOTIFY_REPLY)
		return false;
	reply->n = 1;
	err = answer(h, len, &q, reply);
	if (err)
		reply->n = 1;
	reply->h = (struct wire_out_header){
		.len = sizeof(reply->h), .error = -err, .unique = h->unique,
	};
	if (reply->n == 2)
		reply->h.len += (uint32_t)reply->iov[1].iov_len;
	reply->iov[0] = (struct iovec){ &reply->h, sizeof(reply->h) };
	return true;
}

const struct backend_ops null_backend = {
	.make = null_make,
	.free = null_free,
	.answer = null_answer,
	.begin = null_begin,
	.is_free = null_is_free,
	.spec = null_spec,
	.find = null_find,
	.peek = null_peek,
};
