/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mirror, with this test in the kernel's place and, on the other side, in
 * that of somebody who changes the directory meanwhile: files, numbers that
 * were never given out, and all ways out of the directory.  No /dev/fuse.
 */
#include "config.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>

#include "tests/unit/sim.h"

static char top[32];		/* secret, and the mirrored directory in/ */
static int in;			/* in/ */

static void put(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void build_mirror(const char *dir)
{
	static const char *const everything[] = { "/", NULL };
	struct mount_spec *m;

	build_init(&b, 1);
	m = &b.sc.mounts[0];
	m->backing = (struct backing_spec){
		.kind = BACKING_MIRROR, .dir = dir, .allowed = everything,
	};
	m->entry_ns = m->attr_ns = m->negative_ns = UINT64_MAX;
	b.sc.diags = diags_new("test", NULL, 0);
}

static void mirror_setup(void)
{
	int fd;

	if (!unshare(CLONE_NEWNS))		/* what is mounted is our own */
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	strcpy(top, "/tmp/mirror.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(top));
	fd = open(top, O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(mkdirat(fd, "in", 0755), 0);
	put(fd, "secret", "secret");
	in = openat(fd, "in", O_RDONLY | O_DIRECTORY);
	close(fd);
	put(in, "file", "hello");
	ck_assert_int_eq(mkdirat(in, "dir", 0755), 0);
	build_mirror(xasprintf("%s/in", top));
	start();
	init();
}

static void remove_all(void)
{
	char *command = xasprintf("rm -rf %s", top);

	close(in);
	ck_assert_int_eq(system(command), 0);
	free(command);
	free((char *)b.sc.mounts[0].backing.dir);
}

static int by_name(uint32_t opcode, uint64_t dir, const char *name)
{
	return call(opcode, dir, name, strlen(name) + 1, 0);
}

static int make_dir(uint64_t dir, const char *name)
{
	uint8_t msg[64] = { 0 };
	struct wire_mkdir_in mk = { .mode = 0750, .umask = 0 };

	memcpy(msg, &mk, sizeof(mk));
	strcpy((char *)msg + sizeof(mk), name);
	return call(OP_MKDIR, dir, msg, sizeof(mk) + strlen(name) + 1,
		    sizeof(struct wire_entry_out));
}

static struct wire_create_out create(uint64_t dir, const char *name, uint32_t flags,
				     int want)
{
	struct wire_create_in cr = { .flags = flags | O_CREAT, .mode = 0666,
				     .umask = 027 };
	struct wire_create_out out = { 0 };
	uint8_t msg[128] = { 0 };

	memcpy(msg, &cr, sizeof(cr));
	strcpy((char *)msg + sizeof(cr), name);
	ck_assert_int_eq(call(OP_CREATE, dir, msg, sizeof(cr) + strlen(name) + 1,
			      sizeof(out)), want);
	if (!want)
		memcpy(&out, body(), sizeof(out));
	return out;
}

static int read_fh(uint64_t id, uint64_t fh, const char *want)
{
	struct wire_read_in rd = { .fh = fh, .size = 100 };
	int err = call(OP_READ, id, &rd, sizeof(rd), strlen(want));

	if (!err)
		ck_assert_mem_eq(body(), want, strlen(want));
	return err;
}

static int write_fh(uint64_t id, uint64_t fh, uint64_t at, const char *text)
{
	uint8_t msg[sizeof(struct wire_write_in) + 64];
	struct wire_write_in wr = { .fh = fh, .offset = at, .size = strlen(text) };

	memcpy(msg, &wr, sizeof(wr));
	memcpy(msg + sizeof(wr), text, wr.size);
	return call(OP_WRITE, id, msg, sizeof(wr) + wr.size, 8);
}

static void forget(uint64_t id, uint64_t n)
{
	struct wire_forget_in f = { .nlookup = n };

	send_op(OP_FORGET, id, &f, sizeof(f));
}

/* ---- files --------------------------------------------------------------- */

START_TEST(files_are_those_of_the_directory)
{
	struct wire_entry_out *out = body();
	struct wire_create_out made;
	struct stat st;
	uint64_t id = lookup(1, "file"), size;
	char text[8];

	ck_assert_uint_eq(id, 2);
	ck_assert_uint_eq(out->attr.size, 5);
	ck_assert_uint_eq(out->entry_valid, 1);
	ck_assert_uint_eq(lookup(1, "file"), id);
	ck_assert_int_eq(read_fh(id, open_file(id).fh, "hello"), 0);
	made = create(1, "new", O_RDWR, 0);
	ck_assert_int_eq(fstatat(in, "new", &st, 0), 0);
	ck_assert_uint_eq(st.st_mode, S_IFREG | 0640);
	ck_assert_int_eq(write_fh(made.entry.nodeid, made.open.fh, 0, "text"), 0);
	ck_assert_int_eq(server_peek(server, 0, "/new", 0, text, 8, &size), 4);
	ck_assert_mem_eq(text, "text", 4);
	ck_assert_int_eq(make_dir(1, "made"), 0);
	ck_assert_int_eq(fstatat(in, "made", &st, 0), 0);
	ck_assert_uint_eq(st.st_mode, S_IFDIR | 0750);
	ck_assert_int_eq(by_name(OP_UNLINK, 1, "new"), 0);
	ck_assert_int_eq(by_name(OP_RMDIR, 1, "made"), 0);
	ck_assert_int_eq(fstatat(in, "new", &st, 0), -1);
	/* It is open still. */
	ck_assert_int_eq(read_fh(made.entry.nodeid, made.open.fh, "text"), 0);
}
END_TEST

/* The kernel may have missed that the name is there. */
START_TEST(create_opens_what_is_there)
{
	uint64_t id = lookup(1, "file");
	struct wire_create_out out = create(1, "file", O_RDWR, 0);

	ck_assert_uint_eq(out.entry.nodeid, id);
	ck_assert_int_eq(read_fh(id, out.open.fh, "hello"), 0);
	create(1, "file", O_RDWR | O_EXCL, EEXIST);
	create(1, "dir", O_RDWR, EISDIR);
	ck_assert_int_eq(mkfifoat(in, "pipe", 0644), 0);
	create(1, "pipe", O_RDWR, EEXIST);	/* and nobody waits in open(2) */
}
END_TEST

START_TEST(keep_cache_only_where_nothing_changed)
{
	const struct timespec past[2] = { { 1000, 0 }, { 1000, 0 } };
	const struct timespec ahead[2] = { { time(NULL) + 1000, 0 },
					   { time(NULL) + 1000, 0 } };
	uint64_t id = lookup(1, "file");

	ck_assert_int_eq(utimensat(in, "file", ahead, 0), 0);
	open_file(id);
	ck_assert_uint_eq(open_file(id).open_flags, 0);	/* too fresh to tell */
	ck_assert_int_eq(utimensat(in, "file", past, 0), 0);
	open_file(id);
	put(in, "file", "HELLO");	/* in the same tick, mostly */
	ck_assert_int_eq(utimensat(in, "file", past, 0), 0);
	ck_assert_uint_eq(open_file(id).open_flags, 0);
	nanosleep(&(struct timespec){ .tv_nsec = 40 * NS_PER_MS }, NULL);
	ck_assert_uint_eq(open_file(id).open_flags, 0);
	ck_assert_uint_eq(open_file(id).open_flags, FOPEN_KEEP_CACHE);
	put(in, "file", "hello");
	ck_assert_uint_eq(open_file(id).open_flags, 0);
}
END_TEST

/* As far ahead as the filesystem below takes it: nothing is settled then, and
 * UndefinedBehaviorSanitizer sees whether that is computed well. */
START_TEST(times_may_be_far_away)
{
	const struct timespec far[][2] = {
		{ { INT64_MAX, 999999999 }, { INT64_MAX, 999999999 } },
		{ { INT64_MIN, 0 }, { INT64_MIN, 0 } },
	};
	uint64_t id = lookup(1, "file");
	size_t i;

	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(utimensat(in, "file", far[i], 0), 0);
		nanosleep(&(struct timespec){ .tv_nsec = 40 * NS_PER_MS }, NULL);
		open_file(id);
		ck_assert_uint_eq(open_file(id).open_flags,
				  i ? FOPEN_KEEP_CACHE : 0);
	}
}
END_TEST

START_TEST(a_name_lives_on_under_the_same_number)
{
	uint64_t id = lookup(1, "file");
	struct wire_getattr_in ga = { 0 };

	ck_assert_int_eq(renameat(in, "file", in, "dir/other"), 0);
	ck_assert_uint_eq(lookup(1, "file"), 0);
	ck_assert_uint_eq(lookup(lookup(1, "dir"), "other"), id);
	ck_assert_int_eq(call(OP_GETATTR, id, &ga, sizeof(ga),
			      sizeof(struct wire_attr_out)), 0);
}
END_TEST

START_TEST(forgotten_numbers_are_not_used_again)
{
	uint64_t id = lookup(1, "file");
	struct wire_getattr_in ga = { 0 };

	lookup(1, "file");
	forget(id, 1);
	ck_assert_int_eq(call(OP_GETATTR, id, &ga, sizeof(ga),
			      sizeof(struct wire_attr_out)), 0);
	forget(id, 1);
	ck_assert_int_eq(call(OP_GETATTR, id, &ga, sizeof(ga), 0), ESTALE);
	ck_assert_uint_gt(lookup(1, "file"), id);
	forget(id, 1000);		/* of nobody */
	forget(1, 1);			/* the root stays, whatever is said */
}
END_TEST

/* A script can make the kernel say anything. */
START_TEST(numbers_are_not_trusted)
{
	struct wire_getattr_in ga = { 0 };
	uint64_t id = lookup(1, "file"), fh = open_file(id).fh;
	struct wire_release_in rel = { .fh = fh };

	ck_assert_int_eq(call(OP_GETATTR, 0xdeadbeef, &ga, sizeof(ga), 0), ESTALE);
	ck_assert_int_eq(read_fh(id, 4711, ""), EBADF);
	ck_assert_int_eq(write_fh(id, 0, 0, "x"), EBADF);
	ck_assert_int_eq(call(OP_RELEASE, id, &rel, sizeof(rel), 0), 0);
	ck_assert_int_eq(call(OP_RELEASE, id, &rel, sizeof(rel), 0), 0);
	ck_assert_int_eq(read_fh(id, fh, ""), EBADF);
	ck_assert_int_eq(call(OP_READDIR, 1, &(struct wire_read_in){ .size = 100 },
			      sizeof(struct wire_read_in), 0), EBADF);
	ck_assert_uint_eq(lookup(id, "x"), 0);
	ck_assert_int_eq(head()->error, -ENOTDIR);
}
END_TEST

static void read_names(uint32_t opcode, char *names)
{
	size_t head_len = opcode == OP_READDIRPLUS ?
		sizeof(struct wire_entry_out) : 0;
	struct wire_read_in rd = { .size = head_len + 40 };
	const struct wire_dirent *d = (void *)((char *)body() + head_len);
	struct wire_open_in op = { 0 };

	*names = '\0';
	ck_assert_int_eq(call(OP_OPENDIR, 1, &op, sizeof(op),
			      sizeof(struct wire_open_out)), 0);
	rd.fh = ((struct wire_open_out *)body())->fh;
	for (;;) {
		send_op(opcode, 1, &rd, sizeof(rd));
		ck_assert_uint_ne(receive(PATIENCE_MS), 0);
		ck_assert_int_eq(head()->error, 0);
		if (head()->len == sizeof(struct wire_out_header))
			return;
		rd.offset = d->off;
		if (*(const char *)(d + 1) == '.')
			continue;
		if (head_len)
			ck_assert_uint_ne(((struct wire_entry_out *)body())->nodeid, 0);
		strncat(names, (const char *)(d + 1), d->namelen);
	}
}

/* Whatever is asked of a node, directory or file that is not there: an error,
 * and nothing looks at the request after that. */
START_TEST(no_operation_is_confused_by_a_number)
{
	static const struct {
		uint32_t opcode;
		size_t fixed;
		const char *name, *second;
		int err;
	} asked[] = {
		{ OP_LOOKUP, 0, "file", NULL, ESTALE },
		{ OP_GETATTR, sizeof(struct wire_getattr_in), NULL, NULL, ESTALE },
		{ OP_SETATTR, sizeof(struct wire_setattr_in), NULL, NULL, ESTALE },
		{ OP_READLINK, 0, NULL, NULL, ESTALE },
		{ OP_SYMLINK, 0, "new", "target", ESTALE },
		{ OP_MKNOD, sizeof(struct wire_mknod_in), "new", NULL, ESTALE },
		{ OP_MKDIR, sizeof(struct wire_mkdir_in), "new", NULL, ESTALE },
		{ OP_UNLINK, 0, "file", NULL, ESTALE },
		{ OP_RMDIR, 0, "dir", NULL, ESTALE },
		{ OP_RENAME, sizeof(struct wire_rename_in), "file", "new", ESTALE },
		{ OP_RENAME2, sizeof(struct wire_rename2_in), "file", "new",
		  ESTALE },
		{ OP_LINK, sizeof(struct wire_link_in), "new", NULL, ESTALE },
		{ OP_OPEN, sizeof(struct wire_open_in), NULL, NULL, ESTALE },
		{ OP_READ, sizeof(struct wire_read_in), NULL, NULL, EBADF },
		{ OP_WRITE, sizeof(struct wire_write_in), NULL, NULL, EBADF },
		{ OP_STATFS, 0, NULL, NULL, ESTALE },
		{ OP_FSYNC, sizeof(struct wire_fsync_in), NULL, NULL, EBADF },
		{ OP_SETXATTR, offsetof(struct wire_setxattr_in, setxattr_flags),
		  "user.x", NULL, ESTALE },
		{ OP_GETXATTR, sizeof(struct wire_getxattr_in), "user.x", NULL,
		  ESTALE },
		{ OP_LISTXATTR, sizeof(struct wire_getxattr_in), NULL, NULL,
		  ESTALE },
		{ OP_REMOVEXATTR, 0, "user.x", NULL, ESTALE },
		{ OP_FLUSH, sizeof(struct wire_flush_in), NULL, NULL, EBADF },
		{ OP_OPENDIR, sizeof(struct wire_open_in), NULL, NULL, ESTALE },
		{ OP_READDIR, sizeof(struct wire_read_in), NULL, NULL, EBADF },
		{ OP_READDIRPLUS, sizeof(struct wire_read_in), NULL, NULL, EBADF },
		{ OP_FSYNCDIR, sizeof(struct wire_fsync_in), NULL, NULL, EBADF },
		{ OP_CREATE, sizeof(struct wire_create_in), "new", NULL, ESTALE },
		{ OP_FALLOCATE, sizeof(struct wire_fallocate_in), NULL, NULL,
		  EBADF },
		{ OP_LSEEK, sizeof(struct wire_lseek_in), NULL, NULL, EBADF },
		{ OP_COPY_FILE_RANGE, sizeof(struct wire_copy_file_range_in), NULL,
		  NULL, EBADF },
		{ OP_COPY_FILE_RANGE_64, sizeof(struct wire_copy_file_range_in),
		  NULL, NULL, EBADF },
		{ OP_STATX, sizeof(struct wire_statx_in), NULL, NULL, ESTALE },
		{ OP_SYNCFS, sizeof(struct wire_syncfs_in), NULL, NULL, ESTALE },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(asked); i++) {
		auto_buf struct buf msg = BUF_INIT;
		int err;

		buf_fill(&msg, '\0', asked[i].fixed);
		if (asked[i].name)
			buf_add(&msg, asked[i].name, strlen(asked[i].name) + 1);
		if (asked[i].second)
			buf_add(&msg, asked[i].second,
				strlen(asked[i].second) + 1);
		err = call(asked[i].opcode, 4711, msg.data, msg.len, 0);
		ck_assert_msg(err == asked[i].err, "operation %u: %d, not %d",
			      asked[i].opcode, err, asked[i].err);
	}
}
END_TEST

START_TEST(directories_are_listed)
{
	char names[64];

	read_names(OP_READDIR, names);
	ck_assert(!strcmp(names, "filedir") || !strcmp(names, "dirfile"));
	read_names(OP_READDIRPLUS, names);
	ck_assert(!strcmp(names, "filedir") || !strcmp(names, "dirfile"));
}
END_TEST

/* Go on with a listing, entry by entry, to one of two names; the other. */
static const char *list_to(struct wire_read_in *rd, const char *one,
			   const char *other)
{
	const struct wire_entry_out *e = body();
	const struct wire_dirent *d = (void *)(e + 1);
	char name[32] = "";

	rd->size = sizeof(*e) + 40;
	while (strcmp(name, one) && strcmp(name, other)) {
		send_op(OP_READDIRPLUS, 1, rd, sizeof(*rd));
		ck_assert_uint_ne(receive(PATIENCE_MS), 0);
		ck_assert_uint_gt(head()->len, sizeof(struct wire_out_header));
		rd->offset = d->off;
		memcpy(name, d + 1, d->namelen);
		name[d->namelen] = '\0';
	}
	return strcmp(name, one) ? one : other;
}

static struct wire_read_in list_root(void)
{
	struct wire_open_in op = { 0 };

	ck_assert_int_eq(call(OP_OPENDIR, 1, &op, sizeof(op),
			      sizeof(struct wire_open_out)), 0);
	return (struct wire_read_in){
		.fh = ((struct wire_open_out *)body())->fh,
	};
}

/* The node READDIRPLUS gives for a name: 0 if only the name is listed. */
static uint64_t listed(const char *name)
{
	struct wire_read_in rd = list_root();

	list_to(&rd, name, name);
	return ((struct wire_entry_out *)body())->nodeid;
}

START_TEST(what_is_known_is_listed_as_it_is)
{
	static const struct wire_getattr_in ga;
	struct wire_entry_out *e = body();
	uint64_t file = lookup(1, "file");

	put(in, "file", "hello again");
	ck_assert_uint_eq(listed("file"), file);
	ck_assert_uint_eq(e->attr.size, 11);
	forget(file, 1);
	ck_assert_int_eq(call(OP_GETATTR, file, &ga, sizeof(ga),
			      sizeof(struct wire_attr_out)), 0);
	forget(file, 1);
	ck_assert_int_eq(call(OP_GETATTR, file, &ga, sizeof(ga), 0), ESTALE);
}
END_TEST

/* The host was asked for its names all at once, before. */
START_TEST(a_name_taken_meanwhile_is_listed_as_what_it_is)
{
	uint64_t file = lookup(1, "file"), dir = lookup(1, "dir");
	struct wire_read_in rd = list_root();
	const char *name = list_to(&rd, "file", "dir");
	uint64_t id = !strcmp(name, "file") ? file : dir;

	ck_assert_int_eq(renameat(in, name, in, "kept"), 0);
	put(in, name, "new");
	list_to(&rd, name, name);
	ck_assert_uint_ne(((struct wire_entry_out *)body())->nodeid, id);
	ck_assert_uint_eq(((struct wire_entry_out *)body())->nodeid,
			  lookup(1, name));
}
END_TEST

/* ---- ways out ------------------------------------------------------------ */

START_TEST(names_do_not_lead_out)
{
	static const char *const names[] = {
		"..", ".", "", "../secret", "/etc/passwd", "dir/../../secret",
		"dir/..", "dir/x",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		ck_assert_uint_eq(lookup(1, names[i]), 0);
		ck_assert_int_eq(head()->error, -EINVAL);
		ck_assert_int_eq(by_name(OP_UNLINK, 1, names[i]), EINVAL);
		ck_assert_int_eq(by_name(OP_RMDIR, 1, names[i]), EINVAL);
		ck_assert_int_eq(make_dir(1, names[i]), EINVAL);
		create(1, names[i], O_RDWR, EINVAL);
	}
	ck_assert_int_eq(faccessat(in, "../secret", F_OK, 0), 0);
}
END_TEST

START_TEST(renames_and_links_do_not_lead_out)
{
	struct {
		struct wire_rename2_in in;
		char names[20];
	} mv = { .in = { .newdir = 1 }, .names = "file\0../stolen" };
	struct {
		struct wire_link_in in;
		char name[12];
	} ln = { .in = { .oldnodeid = lookup(1, "file") }, .name = "../stolen" };

	ck_assert_int_eq(call(OP_RENAME2, 1, &mv, sizeof(mv.in) + 15, 0), EINVAL);
	memcpy(mv.names, "../secret\0mine", 15);
	ck_assert_int_eq(call(OP_RENAME2, 1, &mv, sizeof(mv.in) + 15, 0), EINVAL);
	ck_assert_int_eq(call(OP_LINK, 1, &ln, sizeof(ln.in) + 10, 0), EINVAL);
	strcpy(ln.name, "second");
	ck_assert_int_eq(call(OP_LINK, 1, &ln, sizeof(ln.in) + 7,
			      sizeof(struct wire_entry_out)), 0);
	ck_assert_int_eq(faccessat(in, "../stolen", F_OK, 0), -1);
}
END_TEST

START_TEST(a_symlink_out_is_only_a_symlink)
{
	struct wire_open_in op = { .flags = O_RDONLY };
	struct wire_entry_out *out = body();
	uint64_t id, size;
	char c;

	ck_assert_int_eq(symlinkat("../secret", in, "out"), 0);
	ck_assert_int_eq(symlinkat("..", in, "up"), 0);
	id = lookup(1, "out");
	ck_assert_uint_eq(out->attr.mode & S_IFMT, S_IFLNK);
	ck_assert_int_eq(call(OP_READLINK, id, NULL, 0, 9), 0);
	ck_assert_int_eq(call(OP_OPEN, id, &op, sizeof(op), 0), ENXIO);
	ck_assert_int_eq(server_peek(server, 0, "/out", 0, &c, 1, &size), -EISDIR);
	ck_assert_uint_eq(lookup(lookup(1, "up"), "secret"), 0);
	ck_assert_int_eq(head()->error, -ENOTDIR);
	ck_assert_int_lt(server_peek(server, 0, "/up/secret", 0, &c, 1, &size), 0);
	create(1, "out", O_RDWR, EEXIST);
}
END_TEST

/* What the kernel knows as a directory becomes a link, or goes away. */
START_TEST(changes_meanwhile_do_not_lead_out)
{
	uint64_t dir = lookup(1, "dir"), size;
	char c;

	ck_assert_int_eq(renameat(in, "dir", in, "../moved"), 0);
	ck_assert_int_eq(symlinkat("..", in, "dir"), 0);
	ck_assert_uint_eq(lookup(dir, "secret"), 0);	/* still the old one */
	ck_assert_int_eq(head()->error, -ENOENT);
	ck_assert_uint_eq(lookup(dir, ".."), 0);
	ck_assert_uint_ne(lookup(1, "dir"), dir);
	ck_assert_int_lt(server_peek(server, 0, "/dir/secret", 0, &c, 1, &size), 0);
}
END_TEST

/* What is mounted on a directory of the mirror is not the mirror's, even where
 * the kernel knows what is below. */
START_TEST(a_mount_is_only_a_name)
{
	char path[64];
	uint64_t dir;

	snprintf(path, sizeof(path), "%s/in/dir", top);
	dir = lookup(1, "dir");
	ck_assert_uint_eq(listed("dir"), dir);
	if (mount(path, path, NULL, MS_BIND, NULL))
		return;			/* we may not */
	ck_assert_uint_eq(listed("dir"), 0);
	ck_assert_uint_eq(lookup(1, "dir"), 0);
	ck_assert_int_eq(head()->error, -EXDEV);
	ck_assert_int_eq(umount(path), 0);
	ck_assert_uint_eq(listed("dir"), dir);
}
END_TEST

/* ---- making -------------------------------------------------------------- */

START_TEST(a_directory_must_be_there)
{
	auto_buf struct buf text = BUF_INIT;

	build_mirror("/no/such/directory");
	evlog = evlog_new(&b.seq);
	ck_assert_ptr_null(server_new(&b.sc, evlog));
	diags_print(b.sc.diags, &text);
	ck_assert_ptr_nonnull(strstr(buf_str(&text), "/no/such/directory"));
	evlog_free(evlog);
	diags_free(b.sc.diags);
	build_fini(&b);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mirror");
	TCase *tc = tcase(suite, "files", mirror_setup);

	tcase_add_checked_fixture(tc, NULL, remove_all);
	tcase_add_test(tc, files_are_those_of_the_directory);
	tcase_add_test(tc, create_opens_what_is_there);
	tcase_add_test(tc, keep_cache_only_where_nothing_changed);
	tcase_add_test(tc, times_may_be_far_away);
	tcase_add_test(tc, a_name_lives_on_under_the_same_number);
	tcase_add_test(tc, forgotten_numbers_are_not_used_again);
	tcase_add_test(tc, numbers_are_not_trusted);
	tcase_add_test(tc, no_operation_is_confused_by_a_number);
	tcase_add_test(tc, directories_are_listed);
	tcase_add_test(tc, what_is_known_is_listed_as_it_is);
	tcase_add_test(tc, a_name_taken_meanwhile_is_listed_as_what_it_is);
	tcase_add_test(tc, names_do_not_lead_out);
	tcase_add_test(tc, renames_and_links_do_not_lead_out);
	tcase_add_test(tc, a_symlink_out_is_only_a_symlink);
	tcase_add_test(tc, changes_meanwhile_do_not_lead_out);
	tcase_add_test(tc, a_mount_is_only_a_name);
	tc = tcase_create("making");
	tcase_add_test(tc, a_directory_must_be_there);
	suite_add_tcase(suite, tc);
	return unit_main(suite);
}
