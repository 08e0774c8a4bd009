/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errno values and signals by name.  Constant tables, thread-safe. */
#include "config.h"

#include "base/errnos.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "base/mem.h"

struct number {
	const char *name;
	int value;
};

#define ROW(n) { #n, n }

/* In the order of <asm-generic/errno*.h>; of two names for one number the
 * usual one stands first. */
static const struct number errnos[] = {
	ROW(EPERM), ROW(ENOENT), ROW(ESRCH), ROW(EINTR), ROW(EIO), ROW(ENXIO),
	ROW(E2BIG), ROW(ENOEXEC), ROW(EBADF), ROW(ECHILD), ROW(EAGAIN),
	ROW(ENOMEM), ROW(EACCES), ROW(EFAULT), ROW(ENOTBLK), ROW(EBUSY),
	ROW(EEXIST), ROW(EXDEV), ROW(ENODEV), ROW(ENOTDIR), ROW(EISDIR),
	ROW(EINVAL), ROW(ENFILE), ROW(EMFILE), ROW(ENOTTY), ROW(ETXTBSY),
	ROW(EFBIG), ROW(ENOSPC), ROW(ESPIPE), ROW(EROFS), ROW(EMLINK),
	ROW(EPIPE), ROW(EDOM), ROW(ERANGE), ROW(EDEADLK), ROW(ENAMETOOLONG),
	ROW(ENOLCK), ROW(ENOSYS), ROW(ENOTEMPTY), ROW(ELOOP), ROW(ENOMSG),
	ROW(EIDRM), ROW(ECHRNG), ROW(EL2NSYNC), ROW(EL3HLT), ROW(EL3RST),
	ROW(ELNRNG), ROW(EUNATCH), ROW(ENOCSI), ROW(EL2HLT), ROW(EBADE),
	ROW(EBADR), ROW(EXFULL), ROW(ENOANO), ROW(EBADRQC), ROW(EBADSLT),
	ROW(EBFONT), ROW(ENOSTR), ROW(ENODATA), ROW(ETIME), ROW(ENOSR),
	ROW(ENONET), ROW(ENOPKG), ROW(EREMOTE), ROW(ENOLINK), ROW(EADV),
	ROW(ESRMNT), ROW(ECOMM), ROW(EPROTO), ROW(EMULTIHOP), ROW(EDOTDOT),
	ROW(EBADMSG), ROW(EOVERFLOW), ROW(ENOTUNIQ), ROW(EBADFD), ROW(EREMCHG),
	ROW(ELIBACC), ROW(ELIBBAD), ROW(ELIBSCN), ROW(ELIBMAX), ROW(ELIBEXEC),
	ROW(EILSEQ), ROW(ERESTART), ROW(ESTRPIPE), ROW(EUSERS), ROW(ENOTSOCK),
	ROW(EDESTADDRREQ), ROW(EMSGSIZE), ROW(EPROTOTYPE), ROW(ENOPROTOOPT),
	ROW(EPROTONOSUPPORT), ROW(ESOCKTNOSUPPORT), ROW(EOPNOTSUPP),
	ROW(EPFNOSUPPORT), ROW(EAFNOSUPPORT), ROW(EADDRINUSE),
	ROW(EADDRNOTAVAIL), ROW(ENETDOWN), ROW(ENETUNREACH), ROW(ENETRESET),
	ROW(ECONNABORTED), ROW(ECONNRESET), ROW(ENOBUFS), ROW(EISCONN),
	ROW(ENOTCONN), ROW(ESHUTDOWN), ROW(ETOOMANYREFS), ROW(ETIMEDOUT),
	ROW(ECONNREFUSED), ROW(EHOSTDOWN), ROW(EHOSTUNREACH), ROW(EALREADY),
	ROW(EINPROGRESS), ROW(ESTALE), ROW(EUCLEAN), ROW(ENOTNAM),
	ROW(ENAVAIL), ROW(EISNAM), ROW(EREMOTEIO), ROW(EDQUOT), ROW(ENOMEDIUM),
	ROW(EMEDIUMTYPE), ROW(ECANCELED), ROW(ENOKEY), ROW(EKEYEXPIRED),
	ROW(EKEYREVOKED), ROW(EKEYREJECTED), ROW(EOWNERDEAD),
	ROW(ENOTRECOVERABLE), ROW(ERFKILL), ROW(EHWPOISON),
	ROW(EWOULDBLOCK), ROW(EDEADLOCK), ROW(ENOTSUP),
	/* the kernel's own, include/linux/errno.h: never for user space */
	{ "ERESTARTSYS", 512 }, { "ERESTARTNOINTR", 513 },
	{ "ERESTARTNOHAND", 514 }, { "ENOIOCTLCMD", 515 },
	{ "ERESTART_RESTARTBLOCK", 516 },
};

static const struct number signals[] = {
	ROW(SIGHUP), ROW(SIGINT), ROW(SIGQUIT), ROW(SIGILL), ROW(SIGTRAP),
	ROW(SIGABRT), ROW(SIGBUS), ROW(SIGFPE), ROW(SIGKILL), ROW(SIGUSR1),
	ROW(SIGSEGV), ROW(SIGUSR2), ROW(SIGPIPE), ROW(SIGALRM), ROW(SIGTERM),
	ROW(SIGCHLD), ROW(SIGCONT), ROW(SIGSTOP), ROW(SIGTSTP), ROW(SIGTTIN),
	ROW(SIGTTOU), ROW(SIGURG), ROW(SIGXCPU), ROW(SIGXFSZ), ROW(SIGVTALRM),
	ROW(SIGPROF), ROW(SIGWINCH), ROW(SIGIO), ROW(SIGPWR), ROW(SIGSYS),
};

static int value_of(const struct number *rows, size_t n, const char *name,
		    size_t len)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strlen(rows[i].name) == len &&
		    memcmp(rows[i].name, name, len) == 0)
			return rows[i].value;
	return 0;
}

static const char *name_of(const struct number *rows, size_t n, int value)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (rows[i].value == value)
			return rows[i].name;
	return NULL;
}

int errno_by_name(const char *name, size_t len)
{
	return value_of(errnos, ARRAY_SIZE(errnos), name, len);
}

const char *errno_name(int err)
{
	return name_of(errnos, ARRAY_SIZE(errnos), err);
}

int signal_by_name(const char *name, size_t len)
{
	return value_of(signals, ARRAY_SIZE(signals), name, len);
}

const char *signal_name(int sig)
{
	return name_of(signals, ARRAY_SIZE(signals), sig);
}

static const char *errno_at(const void *ctx, size_t i)
{
	(void)ctx;
	return i < ARRAY_SIZE(errnos) ? errnos[i].name : NULL;
}

static const char *signal_at(const void *ctx, size_t i)
{
	(void)ctx;
	return i < ARRAY_SIZE(signals) ? signals[i].name : NULL;
}

struct words errno_words(void)
{
	return (struct words){ errno_at, NULL };
}

struct words signal_words(void)
{
	return (struct words){ signal_at, NULL };
}
