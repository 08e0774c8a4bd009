/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "trace/libbpf.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static libbpf_print_fn_t print_of_others;
static _Thread_local struct libbpf_visit *visit;

__attribute__((format(printf, 2, 0)))
static int print(enum libbpf_print_level level, const char *fmt, va_list args)
{
	if (!visit)
		return print_of_others ? print_of_others(level, fmt, args) : 0;
	if (level != LIBBPF_WARN || visit->complaint[0])
		return 0;
	vsnprintf(visit->complaint, sizeof(visit->complaint), fmt, args);
	visit->complaint[strcspn(visit->complaint, "\n")] = '\0';
	return 0;
}

static void take_over_print(void)
{
	print_of_others = libbpf_set_print(print);
}

void libbpf_enter(struct libbpf_visit *v)
{
	pthread_once(&once, take_over_print);
	v->complaint[0] = '\0';
	if (getrlimit(RLIMIT_MEMLOCK, &v->memlock))
		die_bug("getrlimit: errno %d", errno);
	visit = v;
}

void libbpf_leave(struct libbpf_visit *v)
{
	int err = errno;

	visit = NULL;
	/* lowering a limit is allowed to everybody */
	setrlimit(RLIMIT_MEMLOCK, &v->memlock);
	errno = err;
}
