/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* bpf(2) has no wrapper in libc, and needs none here. */
#include "config.h"

#include "trace/bpf.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int sys_bpf(int cmd, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static uint64_t user_address(const void *p)
{
	return (uint64_t)(uintptr_t)p;
}

int bpf_ring_new(uint32_t size)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_type = BPF_MAP_TYPE_RINGBUF;
	attr.max_entries = size;
	return sys_bpf(BPF_MAP_CREATE, &attr);
}

int bpf_fexit_load(const struct bpf_insn *insns, size_t n, uint32_t func_id,
		   int module_fd)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_TRACING;
	attr.expected_attach_type = BPF_TRACE_FEXIT;
	attr.insns = user_address(insns);
	attr.insn_cnt = (uint32_t)n;
	/* the helpers are for programs that say so; ours is LGPL */
	attr.license = user_address("GPL");
	attr.attach_btf_id = func_id;
	attr.attach_btf_obj_fd = (uint32_t)module_fd;
	return sys_bpf(BPF_PROG_LOAD, &attr);
}

int bpf_fexit_attach(int prog_fd)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.raw_tracepoint.prog_fd = (uint32_t)prog_fd;
	return sys_bpf(BPF_RAW_TRACEPOINT_OPEN, &attr);
}

static int has_name(int fd, const char *name)
{
	char own[64] = "";
	struct bpf_btf_info info;
	union bpf_attr attr;

	memset(&info, 0, sizeof(info));
	info.name = user_address(own);
	info.name_len = sizeof(own);
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (uint32_t)fd;
	attr.info.info_len = sizeof(info);
	attr.info.info = user_address(&info);
	return sys_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) == 0 && info.kernel_btf &&
		strcmp(own, name) == 0;
}

int bpf_module_types(const char *module)
{
	union bpf_attr next, open;
	uint32_t id = 0;
	int fd;

	for (;;) {
		memset(&next, 0, sizeof(next));
		next.start_id = id;
		if (sys_bpf(BPF_BTF_GET_NEXT_ID, &next))
			return -1;
		id = next.next_id;
		memset(&open, 0, sizeof(open));
		open.btf_id = id;
		fd = sys_bpf(BPF_BTF_GET_FD_BY_ID, &open);
		if (fd < 0 && errno == ENOENT)
			continue;	/* unloaded meanwhile */
		if (fd < 0 || has_name(fd, module))
			return fd;
		close(fd);
	}
}
