/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loaded before libfuse 3 into a server that knows nothing of us, by `fusescen
 * attach`.  It stands in for some functions of libfuse, and passes each call on:
 *
 *	fuse_session_mount		say that there is a session, and get the scenario
 *	fuse_session_exited,		called before the first request is read, by
 *	fuse_session_receive_buf	whatever loop, in the process that serves: attach
 *	fuse_session_unmount,		judge
 *	fuse_session_destroy, exit
 *
 * It is linked with nothing but the C library, because shells and helpers have it
 * loaded too; libfusescen follows when there is something to attach.
 *
 * Threads: the server's, and one that waits for the end of `fusescen attach`.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/un.h>

#include "base/attach_talk.h"
#include "fusescen.h"

struct fuse_buf;
#define HOOK		__attribute__((visibility("default")))
#define CALLER		__builtin_return_address(0)

HOOK int fuse_session_mount(struct fuse_session *se, const char *mountpoint);
HOOK int fuse_session_exited(struct fuse_session *se);
HOOK int fuse_session_receive_buf(struct fuse_session *se, struct fuse_buf *buf,
				  void *of_fuse_2);
HOOK void fuse_session_unmount(struct fuse_session *se);
HOOK void fuse_session_destroy(struct fuse_session *se);

/* What we use of libfusescen. */
static struct {
	typeof(&fusescen_load_text) load_text;
	typeof(&fusescen_attach) attach;
	typeof(&fusescen_detach) detach;
	typeof(&fusescen_verdict) verdict;
	typeof(&fusescen_summary) summary;
	typeof(&fusescen_text) text;
	typeof(&fusescen_report_free) report_free;
	typeof(&fusescen_free) free;
} api;

/* Under lock, except that everybody may look for whom we wait. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic(struct fuse_session *) waiting;
static struct fuse_session *session;	/* attached */
static int talk = -1;			/* to `fusescen attach` */
static void *libfuse;			/* where the server's libfuse begins */
static char *go;			/* the frame */
static const char *parts[ATTACH_GO_PARTS];
static fusescen_file *file;
static fusescen_attachment *attachment;
static _Atomic pid_t attached_pid;	/* 0: not yet, or not any more */

/* ---- the functions behind ours ------------------------------------------- */

/* A libfuse that somebody has loaded by dlopen(3) for himself is not among what
 * comes next; but then it was libfuse that called us. */
static void *next_of(const char *name, void *caller)
{
	void *next = dlsym(RTLD_NEXT, name), *handle;
	Dl_info info;

	if (!next && dladdr(caller, &info)) {
		handle = dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD);
		next = handle ? dlsym(handle, name) : NULL;
	}
	if (!next) {
		fprintf(stderr, "fusescen: no %s in libfuse\n", name);
		abort();
	}
	return next;
}

static void *begin_of(void *address)
{
	Dl_info info;

	return address && dladdr(address, &info) ? info.dli_fbase : NULL;
}

/* ---- the other side -------------------------------------------------------- */

static int connect_to(const char *name)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	size_t len = strlen(name);
	int fd;

	if (len >= sizeof(at.sun_path))
		return -1;
	memcpy(at.sun_path + 1, name, len);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&at,
			       (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
					   1 + len))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static void hang_up(void)
{
	if (talk >= 0)
		close(talk);
	talk = -1;
	free(go);
	go = NULL;
}

/* Out of the way of the three that a daemon closes, and of small numbers that a
 * program may believe to be its own. */
static int lift(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, 100);

	if (high < 0)
		return fd;
	close(fd);
	return high;
}

/* Lock held. */
static void introduce(void)
{
	const char *name = getenv(ATTACH_ENV);
	enum attach_kind kind;

	if (talk >= 0 || attachment || !name)
		return;
	talk = connect_to(name);
	if (talk < 0)
		return;
	talk = lift(talk);
	go = attach_receive(talk, &kind, parts, ATTACH_GO_PARTS);
	if (!go || kind != ATTACH_GO) {
		hang_up();
		return;
	}
	/* From now on the socket tells that `fusescen attach` has ended.  A second
	 * SIGTERM may come when libfuse has taken its handler away, but has not
	 * unmounted yet, and then the mount would stay. */
	prctl(PR_SET_PDEATHSIG, 0);
}

static void *wait_for_end(void *arg)
{
	struct pollfd p = { .fd = (int)(intptr_t)arg, .events = POLLRDHUP };

	while (poll(&p, 1, -1) < 0)
		;
	if (atomic_load(&attached_pid) == getpid())
		kill(getpid(), SIGTERM);
	close(p.fd);
	return NULL;
}

/* With a descriptor of its own, so that ours can be closed. */
static void start_waiting(void)
{
	int fd = fcntl(talk, F_DUPFD_CLOEXEC, 100);
	sigset_t all, old;
	pthread_t thread;

	if (fd < 0)
		return;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	if (pthread_create(&thread, NULL, wait_for_end, (void *)(intptr_t)fd))
		close(fd);
	else
		pthread_detach(thread);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

/* ---- attaching --------------------------------------------------------------- */

/* NULL, or why not. */
static const char *load_api(void)
{
	void *handle = dlopen(parts[GO_LIBRARY], RTLD_NOW | RTLD_LOCAL);

	if (!handle)
		return dlerror();
	if (begin_of(dlsym(handle, "fuse_session_custom_io")) != libfuse)
		return "the server has a libfuse of its own, not the one that "
			"libfusescen uses";
#define GET(name)	(api.name = (typeof(api.name))dlsym(handle, "fusescen_" #name))
	if (!GET(load_text) || !GET(attach) || !GET(detach) || !GET(verdict) ||
	    !GET(summary) || !GET(text) || !GET(report_free) || !GET(free))
		return dlerror();
#undef GET
	return NULL;
}

/* NULL, or why not, to be freed. */
static char *attach(struct fuse_session *se)
{
	const char *why = load_api();
	struct fusescen_options opts = {
		.size = sizeof(opts),
		.verbose = *parts[GO_VERBOSE] != '\0',
		.seed = strtoull(parts[GO_SEED], NULL, 10),
		.allow_hazard = *parts[GO_HAZARD] != '\0',
		.control = *parts[GO_CONTROL] ? parts[GO_CONTROL] : NULL,
		.log = *parts[GO_LOG] ? parts[GO_LOG] : NULL,
	};
	char *error = NULL;

	if (why)
		return strdup(why);
	file = api.load_text(parts[GO_NAME], parts[GO_TEXT], strlen(parts[GO_TEXT]));
	attachment = api.attach(se, file, strtoul(parts[GO_CASE], NULL, 10), &opts,
				&error);
	return error;
}

/* A server that nothing was put under is not to go on as if it were. */
static void give_up(struct fuse_session *se, char *why)
{
	void (*end)(struct fuse_session *) =
		(void (*)(struct fuse_session *))dlsym(RTLD_DEFAULT,
						       "fuse_session_exit");

	attach_send(talk, ATTACH_CANNOT, (const char *const[]){ why }, 1);
	free(why);
	hang_up();
	if (end)
		end(se);
}

/* Whoever comes first attaches, and others wait for that. */
static void begin(struct fuse_session *se)
{
	char *why;

	if (atomic_load(&waiting) != se)
		return;
	pthread_mutex_lock(&lock);
	if (atomic_load(&waiting) == se) {
		why = attach(se);
		if (attachment) {
			session = se;
			attached_pid = getpid();
			attach_send(talk, ATTACH_DONE, NULL, 0);
			start_waiting();
		} else {
			give_up(se, why);
		}
		atomic_store(&waiting, NULL);
	}
	pthread_mutex_unlock(&lock);
}

/* A process that was forked of the one that serves has nothing to say. */
static void end(struct fuse_session *se)
{
	char verdict[2] = { 0 };
	fusescen_report *r;

	pthread_mutex_lock(&lock);
	if (attached_pid == getpid() && (!se || se == session)) {
		/* First: `fusescen attach` may end as soon as it has the report,
		 * and that is no reason for a signal any more. */
		attached_pid = 0;
		r = api.detach(attachment);
		verdict[0] = (char)('0' + api.verdict(r));
		attach_send(talk, ATTACH_REPORT, (const char *const[]){
			verdict, api.summary(r), api.text(r) }, 3);
		api.report_free(r);
		api.free(file);
		session = NULL;
		hang_up();
	}
	pthread_mutex_unlock(&lock);
}

/* ---- in the place of libfuse --------------------------------------------------- */

int fuse_session_mount(struct fuse_session *se, const char *mountpoint)
{
	int (*next)(struct fuse_session *, const char *) =
		(int (*)(struct fuse_session *, const char *))
		next_of("fuse_session_mount", CALLER);
	int err;

	pthread_mutex_lock(&lock);
	introduce();
	libfuse = begin_of((void *)next);
	pthread_mutex_unlock(&lock);
	err = next(se, mountpoint);
	pthread_mutex_lock(&lock);
	if (err && !attachment)
		hang_up();
	if (!err && talk >= 0 && !attachment && !atomic_load(&waiting))
		atomic_store(&waiting, se);
	pthread_mutex_unlock(&lock);
	return err;
}

/* These are called for every request, so they look for the function once. */
#define NEXT(type, name) ({						\
	static _Atomic(void *) next;					\
	if (!atomic_load_explicit(&next, memory_order_relaxed))		\
		atomic_store(&next, next_of(name, CALLER));		\
	(type)atomic_load_explicit(&next, memory_order_relaxed); })

int fuse_session_exited(struct fuse_session *se)
{
	begin(se);
	return NEXT(int (*)(struct fuse_session *), "fuse_session_exited")(se);
}

/* In libfuse 2, whose functions of the same names come by here too, it has one
 * argument more.  In libfuse 3 that is what a register happens to hold. */
int fuse_session_receive_buf(struct fuse_session *se, struct fuse_buf *buf,
			     void *of_fuse_2)
{
	begin(se);
	return NEXT(int (*)(struct fuse_session *, struct fuse_buf *, void *),
		    "fuse_session_receive_buf")(se, buf, of_fuse_2);
}

void fuse_session_unmount(struct fuse_session *se)
{
	end(se);
	NEXT(void (*)(struct fuse_session *), "fuse_session_unmount")(se);
}

void fuse_session_destroy(struct fuse_session *se)
{
	end(se);
	NEXT(void (*)(struct fuse_session *), "fuse_session_destroy")(se);
}

static __attribute__((destructor)) void at_exit(void)
{
	end(NULL);
}
