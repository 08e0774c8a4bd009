/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The few things of bpf(2) that watching a function takes.  Thread-safe. */
#ifndef TRACE_BPF_H
#define TRACE_BPF_H

#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

/* All give a new descriptor (close-on-exec), or -1 and errno. */

/* A ring buffer of size bytes (a power of two, whole pages). */
int bpf_ring_new(uint32_t size);
/* A program to run when a function returns: number func_id of the module whose
 * types are module_fd (0: of the kernel itself). */
int bpf_fexit_load(const struct bpf_insn *insns, size_t n, uint32_t func_id,
		   int module_fd);
/* Let it run, until the descriptor is closed. */
int bpf_fexit_attach(int prog_fd);
/* The types of a module that is loaded. */
int bpf_module_types(const char *module);

#endif
