/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of settings.  Constant. */
#include "config.h"

#include "model/settings.h"

#define SYSCTL(name)	#name, "/proc/sys/fs/fuse/" #name
#define PARAMETER(name)	#name, "/sys/module/fuse/parameters/" #name

/* fs/fuse/sysctl.c; fs/fuse/inode.c, dir.c and dev_uring.c: module_param() */
const struct setting_row machine_settings[] = {
	{ SYSCTL(max_pages_limit), UINT16_MAX, "the most pages in a request" },
	{ SYSCTL(default_request_timeout), UINT16_MAX,
	  "seconds that a server has, unless it asks for another time" },
	{ SYSCTL(max_request_timeout), UINT16_MAX,
	  "the most seconds that a server can ask for" },
	{ PARAMETER(max_user_bgreq), UINT16_MAX,
	  "the most max_background of servers without CAP_SYS_ADMIN" },
	{ PARAMETER(max_user_congthresh), UINT16_MAX,
	  "their most congestion_threshold" },
	{ PARAMETER(inval_wq), UINT16_MAX,
	  "seconds after which expired names are looked for and dropped" },
	{ PARAMETER(enable_uring), 1, "io_uring is offered to servers" },
	{ PARAMETER(allow_sys_admin_access), 1,
	  "CAP_SYS_ADMIN stands for allow_other" },
	/* kernel/power/main.c */
	{ "pm_freeze_timeout", "/sys/power/pm_freeze_timeout", 60000,
	  "milliseconds that processes have to freeze before a suspend" },
	{ NULL, NULL, 0, NULL },
};

/* fs/fuse/control.c */
const struct setting_row connection_settings[] = {
	{ "max_background", "max_background", UINT32_MAX,
	  "requests of the kernel's own that may be with the server" },
	{ "congestion_threshold", "congestion_threshold", UINT32_MAX,
	  "as many of them count as congestion" },
	{ NULL, NULL, 0, NULL },
};

const char *setting_at(const void *table, size_t i)
{
	return ((const struct setting_row *)table)[i].name;
}
