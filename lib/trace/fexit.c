/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One ring buffer and, for each function, a program that appends to it.  The
 * programs are assembled here, an instruction at a time: they are short, and a
 * compiler for them is not everywhere.
 */
#include "config.h"

#include "trace/fexit.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "trace/libbpf.h"
#include "trace/pids.h"
#include "trace/types.h"

#define RING_SIZE	(256u << 10)
#define MAX_ERRNO	4095	/* include/linux/err.h: above it are addresses */

/* Where fs/fuse is when it is not in the kernel itself. */
static const char *const modules[] = { "fuse", "cuse" };

/* Never inlined, in every kernel since 5.4, called by the server side only. */
#define PROBE_FUNCTION	"fuse_simple_background"

/* What a program writes; also its stack. */
struct record {
	uint64_t at_ns;
	uint64_t pid_tgid;	/* the thread is in the lower half */
	uint64_t value;
	uint64_t function;
};

struct watched {
	struct function_type type;
	int link;
};

struct batch {
	struct fexit_return *items;
	size_t n, cap;
};

struct fexit {
	struct btf *kernel;
	uint32_t nsproxy_at, mnt_ns_at, inum_at;
	uint32_t inum;			/* of our mount namespace */
	int ring_map, lost_map;
	struct ring_buffer *ring;
	uint64_t lost;			/* records, up to the last drain */
	struct batch batch;		/* what a drain has found so far */
	struct watched *watched;
	unsigned n;
};

/* ---- the program -------------------------------------------------------------- */

#define INSN(code_, dst, src, off_, imm_)	((struct bpf_insn){		\
		.code = (code_), .dst_reg = (dst), .src_reg = (src),		\
		.off = (int16_t)(off_), .imm = (int32_t)(imm_) })
#define MOV(dst, src)	INSN(BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0)
#define MOV_IMM(dst, v)	INSN(BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, v)
#define ADD_IMM(dst, v)	INSN(BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, v)
#define LOAD(w, dst, src, off)	INSN(BPF_LDX | BPF_MEM | (w), dst, src, off, 0)
#define STORE(off, src)	INSN(BPF_STX | BPF_MEM | BPF_DW, BPF_REG_10, src, off, 0)
#define STORE_IMM(off, v) INSN(BPF_ST | BPF_MEM | BPF_DW, BPF_REG_10, 0, off, v)
#define CALL(helper)	INSN(BPF_JMP | BPF_CALL, 0, 0, 0, helper)
/* two instructions long: the address of a map, or of an array's first value */
#define LOAD_MAP(dst, map)						\
	INSN(BPF_LD | BPF_IMM | BPF_DW, dst, BPF_PSEUDO_MAP_FD, 0, map),	\
	INSN(0, 0, 0, 0, 0)
#define LOAD_VALUE(dst, map)						\
	INSN(BPF_LD | BPF_IMM | BPF_DW, dst, BPF_PSEUDO_MAP_VALUE, 0, map),	\
	INSN(0, 0, 0, 0, 0)

#define STACK_AT(member)						\
	((int)offsetof(struct record, member) - (int)sizeof(struct record))

/*
 *	if (current->nsproxy->mnt_ns->ns.inum != inum)
 *		return 0;
 *	... fill a struct record ...
 *	if (bpf_ringbuf_output(ring, &record, sizeof(record), BPF_RB_NO_WAKEUP))
 *		__sync_fetch_and_add(&lost[0], 1);
 *	return 0;
 *
 * A task on its way out has no nsproxy: loads through NULL give 0.
 */
static int load_program(const struct fexit *f, const struct function_type *type,
			unsigned number, int module_fd)
{
	const struct bpf_insn insns[] = {
		MOV(BPF_REG_6, BPF_REG_1),
		CALL(BPF_FUNC_get_current_task_btf),
		LOAD(BPF_DW, BPF_REG_0, BPF_REG_0, f->nsproxy_at),
		LOAD(BPF_DW, BPF_REG_0, BPF_REG_0, f->mnt_ns_at),
		LOAD(BPF_W, BPF_REG_0, BPF_REG_0, f->inum_at),
		/* over the next 21, to the end */
		INSN(BPF_JMP32 | BPF_JNE | BPF_K, BPF_REG_0, 0, 21, f->inum),
		CALL(BPF_FUNC_ktime_get_ns),
		STORE(STACK_AT(at_ns), BPF_REG_0),
		CALL(BPF_FUNC_get_current_pid_tgid),
		STORE(STACK_AT(pid_tgid), BPF_REG_0),
		STORE_IMM(STACK_AT(function), number),
		MOV(BPF_REG_1, BPF_REG_6),
		MOV(BPF_REG_2, BPF_REG_10),
		ADD_IMM(BPF_REG_2, STACK_AT(value)),
		CALL(BPF_FUNC_get_func_ret),
		LOAD_MAP(BPF_REG_1, f->ring_map),
		MOV(BPF_REG_2, BPF_REG_10),
		ADD_IMM(BPF_REG_2, -(int)sizeof(struct record)),
		MOV_IMM(BPF_REG_3, sizeof(struct record)),
		MOV_IMM(BPF_REG_4, BPF_RB_NO_WAKEUP),
		CALL(BPF_FUNC_ringbuf_output),
		/* over the next 4, to the end */
		INSN(BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_0, 0, 4, 0),
		LOAD_VALUE(BPF_REG_1, f->lost_map),
		MOV_IMM(BPF_REG_2, 1),
		INSN(BPF_STX | BPF_ATOMIC | BPF_DW, BPF_REG_1, BPF_REG_2, 0,
		     BPF_ADD),
		MOV_IMM(BPF_REG_0, 0),
		INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts,
		.expected_attach_type = BPF_TRACE_FEXIT,
		.attach_btf_id = type->id,
		.attach_btf_obj_fd = (uint32_t)module_fd);

	/* the helpers are for programs that say "GPL"; ours is LGPL */
	return bpf_prog_load(BPF_PROG_TYPE_TRACING, "fusescen", "GPL", insns,
			     ARRAY_SIZE(insns), &opts);
}

/* ---- records ----------------------------------------------------------------- */

/* A register's upper half is whatever was there before.  Addresses of the kernel
 * are nobody's business: a log may travel far. */
static int64_t value_of(uint64_t raw, const struct function_type *type)
{
	unsigned unused = 64 - 8 * type->ret_size;
	int64_t value;

	raw <<= unused;
	value = type->ret_signed ? (int64_t)raw >> unused : (int64_t)(raw >> unused);
	if (type->ret_pointer && value && (value > 0 || value < -MAX_ERRNO))
		return 1;
	return value;
}

static int take_record(void *ctx, void *record, size_t len)
{
	struct fexit *f = ctx;
	struct batch *b = &f->batch;
	struct record r;

	if (len < sizeof(r))
		return 0;
	memcpy(&r, record, sizeof(r));
	if (r.function >= f->n)
		return 0;
	if (b->n == b->cap) {
		b->cap = b->cap ? b->cap * 2 : 64;
		b->items = xrealloc(b->items, b->cap * sizeof(*b->items));
	}
	b->items[b->n++] = (struct fexit_return){
		.at_ns = r.at_ns, .function = (unsigned)r.function,
		.tid = (pid_t)(uint32_t)r.pid_tgid,
		.value = value_of(r.value, &f->watched[r.function].type),
	};
	return 0;
}

static int by_time(const void *a, const void *b)
{
	const struct fexit_return *x = a, *y = b;

	return x->at_ns < y->at_ns ? -1 : x->at_ns > y->at_ns;
}

/* The programs count the records for which the ring has no room. */
static bool have_lost(struct fexit *f)
{
	const uint32_t first = 0;
	uint64_t lost = f->lost;
	bool more;

	if (bpf_map_lookup_elem(f->lost_map, &first, &lost))
		return true;
	more = lost != f->lost;
	f->lost = lost;
	return more;
}

struct fexit_return *fexit_drain(struct fexit *f, size_t *n, bool *lost)
{
	struct fexit_return *items;

	ring_buffer__consume(f->ring);
	*lost = have_lost(f);
	items = f->batch.items;
	*n = f->batch.n;
	f->batch = (struct batch){ NULL, 0, 0 };
	if (*n)
		qsort(items, *n, sizeof(*items), by_time);
	return items;
}

/* ---- beginning and end ------------------------------------------------------- */

static bool find_members(struct fexit *f)
{
	const struct btf *b = f->kernel;
	uint32_t ns_at, inum_at;

	if (!types_find_member(b, "task_struct", "nsproxy", &f->nsproxy_at) ||
	    !types_find_member(b, "nsproxy", "mnt_ns", &f->mnt_ns_at) ||
	    !types_find_member(b, "mnt_namespace", "ns", &ns_at) ||
	    !types_find_member(b, "ns_common", "inum", &inum_at))
		return false;
	f->inum_at = ns_at + inum_at;
	/* an instruction has 16 bits for an offset */
	return f->nsproxy_at <= INT16_MAX && f->mnt_ns_at <= INT16_MAX &&
		f->inum_at <= INT16_MAX;
}

static bool open_maps(struct fexit *f)
{
	f->ring_map = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "fusescen", 0, 0,
				     RING_SIZE, NULL);
	if (f->ring_map < 0)
		return false;
	f->lost_map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "fusescen_lost",
				     sizeof(uint32_t), sizeof(uint64_t), 1, NULL);
	if (f->lost_map < 0)
		return false;
	f->ring = ring_buffer__new(f->ring_map, take_record, f, NULL);
	return f->ring;
}

/* NULL: all there. */
static const char *open_all(struct fexit *f)
{
	struct stat ns;

	f->kernel = btf__load_vmlinux_btf();
	if (!f->kernel)
		return "cannot read /sys/kernel/btf/vmlinux (CONFIG_DEBUG_INFO_BTF)";
	if (!find_members(f)) {
		errno = ENOTSUP;
		return "this kernel's tasks are laid out in an unknown way";
	}
	if (stat("/proc/self/ns/mnt", &ns))
		return "cannot read /proc/self/ns/mnt";
	f->inum = (uint32_t)ns.st_ino;
	return open_maps(f) ? NULL : "no BPF ring buffer (root, CONFIG_BPF_SYSCALL)";
}

static void set_error(struct fexit_error *e, const char *what, int err,
		      const struct libbpf_visit *v)
{
	e->what = what;
	e->err = err;
	/* with no permission libbpf complains of what it cannot find out */
	snprintf(e->complaint, sizeof(e->complaint), "%s",
		 err && err != EPERM ? v->complaint : "");
}

struct fexit *fexit_new(struct fexit_error *e)
{
	struct libbpf_visit visit;
	const char *what = pids_are_others();
	struct fexit *f;

	if (what) {
		*e = (struct fexit_error){ .what = what };
		return NULL;
	}
	f = xcalloc(1, sizeof(*f));
	f->ring_map = f->lost_map = -1;
	libbpf_enter(&visit);
	what = open_all(f);
	if (what) {
		set_error(e, what, errno, &visit);
		fexit_free(f);
		f = NULL;
	}
	libbpf_leave(&visit);
	return f;
}

void fexit_free(struct fexit *f)
{
	unsigned i;

	if (!f)
		return;
	for (i = 0; i < f->n; i++)
		close(f->watched[i].link);
	ring_buffer__free(f->ring);
	if (f->ring_map >= 0)
		close(f->ring_map);
	if (f->lost_map >= 0)
		close(f->lost_map);
	btf__free(f->kernel);
	free(f->batch.items);
	free(f->watched);
	free(f);
}

/* ---- functions ---------------------------------------------------------------- */

static bool is_named(int types_fd, const char *module)
{
	char name[64] = "";
	struct bpf_btf_info info = {
		.name = (uint64_t)(uintptr_t)name, .name_len = sizeof(name),
	};
	uint32_t len = sizeof(info);

	return !bpf_obj_get_info_by_fd(types_fd, &info, &len) &&
		info.kernel_btf && strcmp(name, module) == 0;
}

/* The types of a module that is loaded: their number, and a descriptor in *fd.
 * 0: there is no such module. */
static uint32_t find_module(const char *module, int *fd)
{
	uint32_t id = 0;

	while (!bpf_btf_get_next_id(id, &id)) {
		*fd = bpf_btf_get_fd_by_id(id);
		if (*fd < 0 && errno != ENOENT)
			return 0;
		if (*fd < 0)
			continue;	/* unloaded meanwhile */
		if (is_named(*fd, module))
			return id;
		close(*fd);
		*fd = -1;
	}
	return 0;
}

/* In the kernel, else in a module of it; *module_fd is then that module's. */
static const char *find_function(const struct fexit *f, const char *name,
				 struct function_type *type, int *module_fd)
{
	const char *why = types_find_function(f->kernel, name, type);
	size_t i;

	for (i = 0; why && i < ARRAY_SIZE(modules); i++) {
		int fd = -1;
		uint32_t id = find_module(modules[i], &fd);
		struct btf *types = id ?
			btf__load_from_kernel_by_id_split(id, f->kernel) : NULL;

		if (types && !types_find_function(types, name, type)) {
			*module_fd = fd;
			why = NULL;
		} else if (fd >= 0) {
			close(fd);
		}
		btf__free(types);
	}
	return why;
}

static int attach(struct fexit *f, const char *function, struct fexit_error *e,
		  const struct libbpf_visit *visit)
{
	auto_close int module_fd = -1;
	auto_close int prog = -1;
	struct watched w;
	const char *what = find_function(f, function, &w.type, &module_fd);

	if (what) {
		set_error(e, what, 0, visit);
		return -1;
	}
	prog = load_program(f, &w.type, f->n, module_fd < 0 ? 0 : module_fd);
	w.link = prog < 0 ? -1 : bpf_raw_tracepoint_open(NULL, prog);
	if (w.link < 0) {
		set_error(e, "no BPF program for it", errno, visit);
		return -1;
	}
	f->watched = xrealloc(f->watched, (f->n + 1) * sizeof(*f->watched));
	f->watched[f->n] = w;
	return (int)f->n++;
}

int fexit_attach(struct fexit *f, const char *function, struct fexit_error *e)
{
	struct libbpf_visit visit;
	int number;

	libbpf_enter(&visit);
	number = attach(f, function, e, &visit);
	libbpf_leave(&visit);
	return number;
}

/* ---- can it be done? ------------------------------------------------------------ */

const char *fexit_missing(void)
{
	struct fexit_error e = { .what = NULL };
	struct fexit *f = fexit_new(&e);
	bool opened = f;
	int number = f ? fexit_attach(f, PROBE_FUNCTION, &e) : -1;

	fexit_free(f);
	if (number >= 0)
		return NULL;
	if (!opened && !e.err)
		return e.what;
	if (e.err == EPERM || e.err == EACCES)
		return "no permission for BPF: run as root, where no lockdown "
		       "and no security module forbids it";
	if (!opened && e.err == ENOENT)
		return "no /sys/kernel/btf/vmlinux: a kernel with "
		       "CONFIG_DEBUG_INFO_BTF is needed";
	if (opened && !e.err)
		return "the kernel's types do not name the functions of fs/fuse: "
		       "CONFIG_DEBUG_INFO_BTF_MODULES, and load the fuse module";
	return "no BPF programs at functions' exits: kernel 5.17 or later, with "
	       "CONFIG_BPF_SYSCALL, CONFIG_BPF_JIT and CONFIG_FTRACE, is needed";
}
