/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Puts a scenario under a FUSE server that is only there as a program: a library to
 * be loaded before libfuse 3, which has to be a shared one.
 *
 *	cc -shared -fPIC -o preload.so preload.c \
 *		$(pkg-config --cflags --libs fuse3 fusescen) -ldl
 *	FAULTS=faults.yaml LD_PRELOAD=./preload.so sshfs host: /mnt
 *
 * Low-level servers and those of fuse_main() alike mount, go to the background
 * and then serve; between the last two is the place to attach, because threads
 * do not live through fork(2).  When the server has ended, the report goes to
 * stderr, or to the file that REPORT names.
 */
#define _GNU_SOURCE
#define FUSE_USE_VERSION 312

#include <dlfcn.h>
#include <fuse_lowlevel.h>
#include <fusescen.h>
#include <stdio.h>
#include <stdlib.h>

static struct fuse_session *session;
static fusescen_file *file;
static fusescen_attachment *attachment;

/* While the working directory is still the caller's. */
int fuse_session_mount(struct fuse_session *se, const char *mountpoint)
{
	int (*next)(struct fuse_session *, const char *) =
		dlsym(RTLD_NEXT, "fuse_session_mount");

	session = se;
	if (!file && getenv("FAULTS"))
		file = fusescen_load(getenv("FAULTS"));
	if (fusescen_errors(file)) {
		fputs(fusescen_errors(file), stderr);
		return -1;
	}
	return next(se, mountpoint);
}

int fuse_daemonize(int foreground)
{
	int (*next)(int) = dlsym(RTLD_NEXT, "fuse_daemonize");
	int err = next(foreground);
	char *error;

	if (err || !session || !file)
		return err;
	attachment = fusescen_attach(session, file, 0, NULL, &error);
	if (attachment)
		return 0;
	fputs(error, stderr);
	free(error);
	return -1;
}

static void report(void)
{
	fusescen_report *r = fusescen_detach(attachment);
	const char *path = getenv("REPORT");
	FILE *out = path ? fopen(path, "w") : NULL;

	fprintf(out ? out : stderr, "%s%s\n", fusescen_text(r),
		fusescen_verdict(r) == FUSESCEN_PASS ? "passed" : "failed");
	if (out)
		fclose(out);
	fusescen_report_free(r);
	fusescen_free(file);
}

void fuse_session_unmount(struct fuse_session *se)
{
	void (*next)(struct fuse_session *) =
		dlsym(RTLD_NEXT, "fuse_session_unmount");

	if (attachment && se == session)
		report();
	attachment = NULL;
	next(se);
}
