/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page about a server that was attached to, made of its log when it has ended. */
#include "config.h"

#include "fusescen/cmd/attach_page.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "fusescen/report/records.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/files.h"

char *attach_page_log(void)
{
	const char *dir = getenv("TMPDIR");
	char *path = xasprintf("%s/fusescen-log-XXXXXX", dir && *dir ? dir : "/tmp");
	int fd = mkostemp(path, O_CLOEXEC);

	if (fd >= 0) {
		close(fd);
		return path;
	}
	put_error("%s: %s", path, strerror(errno));
	free(path);
	return NULL;
}

int attach_page(const char *page, const char *log, const struct point *p)
{
	auto_buf struct buf events = BUF_INIT;
	struct records r = { .rounds = 1 };
	int err;

	if (!page)
		return 0;
	if (file_read(log, &events))
		put_error("%s: %s", log, strerror(errno));
	records_add(&r, p, NULL, buf_str(&events));
	err = records_write(&r, page, records_page);
	records_fini(&r);
	return err;
}
