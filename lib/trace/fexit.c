/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One ring buffer and, for each function, a program that appends to it.  The
 * programs are assembled here, an instruction at a time: they are short, and a
 * compiler for them is not everywhere.
 */
#include "config.h"

#include "trace/fexit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "trace/bpf.h"
#include "trace/btf.h"
#include "trace/ring.h"

#define RING_SIZE	(256u << 10)
#define TYPES_MAX	(64u << 20)
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
	struct btf_func func;
	int link;
};

struct fexit {
	struct btf *kernel;
	uint32_t nsproxy_at, mnt_ns_at, inum_at;
	uint32_t inum;			/* of our mount namespace */
	int map;
	struct ring ring;
	void *consumer, *producer;	/* mappings */
	size_t page;
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

#define STACK_AT(member)						\
	((int)offsetof(struct record, member) - (int)sizeof(struct record))

/*
 *	if (current->nsproxy->mnt_ns->ns.inum != inum)
 *		return 0;
 *	... fill a struct record ...
 *	bpf_ringbuf_output(map, &record, sizeof(record), BPF_RB_NO_WAKEUP);
 *	return 0;
 *
 * A task on its way out has no nsproxy: loads through NULL give 0.
 */
static int load_program(const struct fexit *f, const struct btf_func *func,
			unsigned number, int module_fd)
{
	const struct bpf_insn insns[] = {
		MOV(BPF_REG_6, BPF_REG_1),
		CALL(BPF_FUNC_get_current_task_btf),
		LOAD(BPF_DW, BPF_REG_0, BPF_REG_0, f->nsproxy_at),
		LOAD(BPF_DW, BPF_REG_0, BPF_REG_0, f->mnt_ns_at),
		LOAD(BPF_W, BPF_REG_0, BPF_REG_0, f->inum_at),
		INSN(BPF_JMP32 | BPF_JNE | BPF_K, BPF_REG_0, 0, 16, f->inum),
		CALL(BPF_FUNC_ktime_get_ns),
		STORE(STACK_AT(at_ns), BPF_REG_0),
		CALL(BPF_FUNC_get_current_pid_tgid),
		STORE(STACK_AT(pid_tgid), BPF_REG_0),
		STORE_IMM(STACK_AT(function), number),
		MOV(BPF_REG_1, BPF_REG_6),
		MOV(BPF_REG_2, BPF_REG_10),
		ADD_IMM(BPF_REG_2, STACK_AT(value)),
		CALL(BPF_FUNC_get_func_ret),
		/* two instructions long */
		INSN(BPF_LD | BPF_IMM | BPF_DW, BPF_REG_1, BPF_PSEUDO_MAP_FD, 0,
		     f->map),
		INSN(0, 0, 0, 0, 0),
		MOV(BPF_REG_2, BPF_REG_10),
		ADD_IMM(BPF_REG_2, -(int)sizeof(struct record)),
		MOV_IMM(BPF_REG_3, sizeof(struct record)),
		MOV_IMM(BPF_REG_4, BPF_RB_NO_WAKEUP),
		CALL(BPF_FUNC_ringbuf_output),
		MOV_IMM(BPF_REG_0, 0),
		INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
	};

	return bpf_fexit_load(insns, ARRAY_SIZE(insns), func->id, module_fd);
}

/* ---- beginning and end ------------------------------------------------------- */

/* /sys/kernel/btf/NAME; NULL with errno. */
static struct btf *read_types(const char *name, const struct btf *base)
{
	auto_free char *path = xasprintf("/sys/kernel/btf/%s", name);
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	auto_free char *data = NULL;
	struct btf *types;
	struct stat st;
	size_t got = 0;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st))
		return NULL;
	if (st.st_size > TYPES_MAX) {
		errno = EFBIG;
		return NULL;
	}
	data = xmalloc((size_t)st.st_size);
	while (got < (size_t)st.st_size) {
		n = read(fd, data + got, (size_t)st.st_size - got);
		if (n < 0)
			return NULL;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	types = btf_new(steal_ptr(&data), got, base);
	if (!types)
		errno = EINVAL;
	return types;
}

static bool find_members(struct fexit *f)
{
	uint32_t ns_at, inum_at;

	if (!btf_find_member(f->kernel, "task_struct", "nsproxy", &f->nsproxy_at) ||
	    !btf_find_member(f->kernel, "nsproxy", "mnt_ns", &f->mnt_ns_at) ||
	    !btf_find_member(f->kernel, "mnt_namespace", "ns", &ns_at) ||
	    !btf_find_member(f->kernel, "ns_common", "inum", &inum_at))
		return false;
	f->inum_at = ns_at + inum_at;
	/* an instruction has 16 bits for an offset */
	return f->nsproxy_at <= INT16_MAX && f->mnt_ns_at <= INT16_MAX &&
		f->inum_at <= INT16_MAX;
}

static bool open_ring(struct fexit *f)
{
	f->map = bpf_ring_new(RING_SIZE);
	if (f->map < 0)
		return false;
	f->consumer = mmap(NULL, f->page, PROT_READ | PROT_WRITE, MAP_SHARED,
			   f->map, 0);
	f->producer = mmap(NULL, f->page + 2 * RING_SIZE, PROT_READ, MAP_SHARED,
			   f->map, (off_t)f->page);
	if (f->consumer == MAP_FAILED || f->producer == MAP_FAILED)
		return false;
	f->ring = (struct ring){
		.consumer = f->consumer, .producer = f->producer,
		.data = (unsigned char *)f->producer + f->page,
		.size = RING_SIZE,
	};
	return true;
}

/* NULL: all there. */
static const char *open_all(struct fexit *f)
{
	struct stat ns;

	f->kernel = read_types("vmlinux", NULL);
	if (!f->kernel)
		return "cannot read /sys/kernel/btf/vmlinux (CONFIG_DEBUG_INFO_BTF)";
	if (!find_members(f)) {
		errno = ENOTSUP;
		return "this kernel's tasks are laid out in an unknown way";
	}
	if (stat("/proc/self/ns/mnt", &ns))
		return "cannot read /proc/self/ns/mnt";
	f->inum = (uint32_t)ns.st_ino;
	return open_ring(f) ? NULL : "no BPF ring buffer (root, CONFIG_BPF_SYSCALL)";
}

struct fexit *fexit_new(int *err, const char **what)
{
	struct fexit *f = xcalloc(1, sizeof(*f));

	f->map = -1;
	f->consumer = f->producer = MAP_FAILED;
	f->page = (size_t)sysconf(_SC_PAGESIZE);
	*what = open_all(f);
	if (!*what)
		return f;
	*err = errno;
	fexit_free(f);
	return NULL;
}

void fexit_free(struct fexit *f)
{
	unsigned i;

	if (!f)
		return;
	for (i = 0; i < f->n; i++)
		close(f->watched[i].link);
	if (f->consumer != MAP_FAILED)
		munmap(f->consumer, f->page);
	if (f->producer != MAP_FAILED)
		munmap(f->producer, f->page + 2 * RING_SIZE);
	if (f->map >= 0)
		close(f->map);
	btf_free(f->kernel);
	free(f->watched);
	free(f);
}

/* ---- functions ---------------------------------------------------------------- */

/* In the kernel, else in a module of it; *module_fd is then that module's. */
static const char *find_function(const struct fexit *f, const char *name,
				 struct btf_func *func, int *module_fd)
{
	const char *why = btf_find_func(f->kernel, name, func);
	size_t i;

	for (i = 0; why && i < ARRAY_SIZE(modules); i++) {
		struct btf *types = read_types(modules[i], f->kernel);

		if (!types)
			continue;
		if (!btf_find_func(types, name, func)) {
			*module_fd = bpf_module_types(modules[i]);
			why = *module_fd < 0 ? "its module cannot be opened" : NULL;
		}
		btf_free(types);
	}
	return why;
}

int fexit_attach(struct fexit *f, const char *function, int *err,
		 const char **what)
{
	auto_close int module_fd = -1;
	auto_close int prog = -1;
	struct watched w;

	*err = 0;
	*what = find_function(f, function, &w.func, &module_fd);
	if (*what)
		return -1;
	*what = "no BPF program for it";
	prog = load_program(f, &w.func, f->n, module_fd < 0 ? 0 : module_fd);
	w.link = prog < 0 ? -1 : bpf_fexit_attach(prog);
	if (w.link < 0) {
		*err = errno;
		return -1;
	}
	f->watched = xrealloc(f->watched, (f->n + 1) * sizeof(*f->watched));
	f->watched[f->n] = w;
	return (int)f->n++;
}

/* ---- records ----------------------------------------------------------------- */

struct batch {
	const struct fexit *f;
	struct fexit_return *items;
	size_t n, cap;
};

/* A register's upper half is whatever was there before.  Addresses of the kernel
 * are nobody's business: a log may travel far. */
static int64_t value_of(uint64_t raw, const struct btf_func *func)
{
	unsigned unused = 64 - 8 * func->ret_size;
	int64_t value;

	raw <<= unused;
	value = func->ret_signed ? (int64_t)raw >> unused : (int64_t)(raw >> unused);
	if (func->ret_pointer && value && (value > 0 || value < -MAX_ERRNO))
		return 1;
	return value;
}

static void take_record(void *ctx, const void *record, size_t len)
{
	struct batch *b = ctx;
	struct record r;

	if (len < sizeof(r))
		return;
	memcpy(&r, record, sizeof(r));
	if (r.function >= b->f->n)
		return;
	if (b->n == b->cap) {
		b->cap = b->cap ? b->cap * 2 : 64;
		b->items = xrealloc(b->items, b->cap * sizeof(*b->items));
	}
	b->items[b->n++] = (struct fexit_return){
		.at_ns = r.at_ns, .function = (unsigned)r.function,
		.tid = (pid_t)(uint32_t)r.pid_tgid,
		.value = value_of(r.value, &b->f->watched[r.function].func),
	};
}

static int by_time(const void *a, const void *b)
{
	const struct fexit_return *x = a, *y = b;

	return x->at_ns < y->at_ns ? -1 : x->at_ns > y->at_ns;
}

struct fexit_return *fexit_drain(struct fexit *f, size_t *n, bool *lost)
{
	struct batch b = { .f = f };

	*lost = ring_drain(&f->ring, sizeof(struct record), take_record, &b);
	if (b.n)
		qsort(b.items, b.n, sizeof(*b.items), by_time);
	*n = b.n;
	return b.items;
}

/* ---- can it be done? ------------------------------------------------------------ */

const char *fexit_missing(void)
{
	const char *what;
	struct fexit *f;
	int err = 0, number = -1;

	f = fexit_new(&err, &what);
	if (f)
		number = fexit_attach(f, PROBE_FUNCTION, &err, &what);
	fexit_free(f);
	if (number >= 0)
		return NULL;
	if (err == EPERM || err == EACCES)
		return "no permission for BPF: run as root, where no lockdown "
		       "and no security module forbids it";
	if (!f && err == ENOENT)
		return "no /sys/kernel/btf/vmlinux: a kernel with "
		       "CONFIG_DEBUG_INFO_BTF is needed";
	if (f && !err)
		return "the kernel's types do not name the functions of fs/fuse: "
		       "CONFIG_DEBUG_INFO_BTF_MODULES, and load the fuse module";
	return "no BPF programs at functions' exits: kernel 5.17 or later, with "
	       "CONFIG_BPF_SYSCALL, CONFIG_BPF_JIT and CONFIG_FTRACE, is needed";
}
