/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guesses by table.  Pure functions. */
#include "config.h"

#include "load/read/guesses.h"

#include <string.h>

#include "base/mem.h"
#include "model/calls.h"
#include "model/checks.h"
#include "model/steps.h"
#include "wire/protocol.h"

/* Where the word stands, by the words of the message. */
#define STEP	"step or actor"
#define CHECK	"check"
#define CALL	"call"
#define TOP	"key of a scenario"
#define MOUNT	"key of a mount"
#define FILE_	"key of a file"
#define RULE	"key of a rule"
#define REPLY	" replies"	/* "field of READ replies" */
#define ACTOR	"key of an actor"
#define OPTION	"mount option"
#define INIT	"INIT flag"
#define NOTIFY	"notification"

/* ---- single words --------------------------------------------------------- */

/* what: NULL for any place where the word of "now" is right. */
static const struct guess {
	const char *what;
	const char *words;	/* separated by blanks */
	const char *now;	/* another word for the same place, or NULL: */
	const char *advice;
} guesses[] = {
	/* names of before the first release */
	{ NULL, "in", "when", NULL },
	{ NULL, "close", "rearm", NULL },
	{ NULL, "done", "notified", NULL },
	{ NULL, "pause", "sleep", NULL },
	{ NULL, "lock", "inode_lock", NULL },
	{ NULL, "together", "max_in_flight", NULL },
	{ NULL, "between", "elapsed", NULL },

	{ STEP, "nap delay usleep nanosleep", "sleep", NULL },
	{ STEP, "await until wait_for waitfor", "wait", NULL },
	{ STEP, "open_gate unblock unhold continue go resume_gate let_go", "release",
	  NULL },
	{ STEP, "respond return error fail", "answer", NULL },
	{ STEP, "kill", "signal", NULL },
	{ STEP, "hang", "stall", NULL },
	{ STEP, "unfreeze", "thaw", NULL },
	{ STEP, "suspend reclaim", NULL, "that is a call of an actor: \"app: suspend()\", "
	  "\"app: reclaim(1M)\"" },
	{ STEP, "idle settle quiesce", "quiet", NULL },
	{ STEP, "unmount", "umount", NULL },
	{ STEP, "crash exit", "die", NULL },
	{ STEP, "disconnect", "abort", NULL },
	{ STEP, "race fuzz hammer loop parallel", "stress", NULL },
	{ STEP, "forget drop_dentry", "evict", NULL },
	{ STEP, "state setstate", "set", NULL },
	{ STEP, "invalidate inval", "notify", NULL },
	{ STEP, "assert expect", NULL, "judge now with \"check: {...}\", or at the end "
	  "under \"expect:\", a key of the file" },
	{ STEP, "block", NULL, "a rule holds requests: {op: READ, hold: GATE}; the step "
	  "\"blocked: ACTOR\" proves that a call sleeps" },
	{ STEP, "run exec shell cmd command script sh bash system", NULL, "a scenario runs no "
	  "programs of the host; an actor makes calls: \"app: stat(...)\"" },
	{ STEP, "call do action", NULL, "a call is a step by the name of its actor: "
	  "\"app: stat(...)\"" },
	{ STEP, "start spawn thread background async", NULL, "a call that ends in \" ...\" "
	  "runs beside the script" },
	{ STEP, "join result collect", NULL, "\"app: ... = RESULT\" takes the result of a "
	  "call that was started" },
	{ STEP, "repeat for while", NULL, "the step \"stress\" repeats calls, and "
	  "\"run --repeat N\" everything" },
	{ STEP, "print echo log debug trace", NULL, "\"run --verbose\" shows what happens, and "
	  "\"--log\" writes it" },
	{ STEP, "name title description comment note", NULL, "a comment begins with #" },
	{ STEP, "skip skipif requires", NULL, "what a scenario needs is under \"needs:\"" },
	{ STEP, "mount", NULL, "what is under \"mounts:\" is mounted from the beginning" },
	{ STEP, "barrier sync", NULL, "steps wait for events: \"held\", \"wait\", \"quiet\"" },

	{ CHECK, "sequence ordered in_order", "order", NULL },
	{ CHECK, "not none no absent nothing", "never", NULL },
	{ CHECK, "times exactly number", "count", NULL },
	{ CHECK, "after", "before", NULL },
	{ CHECK, "concurrent in_flight inflight", "max_in_flight", NULL },
	{ CHECK, "time duration takes latency", "elapsed", NULL },
	{ CHECK, "content contents data size", "file", NULL },
	{ CHECK, "function ftrace kprobe", "kernel", NULL },
	{ CHECK, "happens has any seen", NULL, "write \"{count: PATTERN, min: 1}\"" },
	{ CHECK, "only", NULL, "write \"{count: PATTERN, is: N}\"" },

	{ CALL, "sleep usleep nanosleep pause", NULL, "a step: \"sleep: 1s\"" },
	{ CALL, "pread64", "pread", NULL },
	{ CALL, "pwrite64", "pwrite", NULL },
	{ CALL, "lseek64 llseek _llseek seek", "lseek", NULL },
	{ CALL, "ftruncate64", "ftruncate", NULL },
	{ CALL, "truncate64", "truncate", NULL },
	{ CALL, "open64 openat2 fopen", "open", NULL },
	{ CALL, "fclose", "close", NULL },
	{ CALL, "fread", "read", NULL },
	{ CALL, "fwrite", "write", NULL },
	{ CALL, "stat64 newfstatat fstatat access_stat", "stat", NULL },
	{ CALL, "lstat64", "lstat", NULL },
	{ CALL, "fstat64", "fstat", NULL },
	{ CALL, "statvfs fstatfs fstatvfs statfs64", "statfs", NULL },
	{ CALL, "getdents64", "getdents", NULL },
	{ CALL, "opendir ls listdir", "readdir", NULL },
	{ CALL, "unlinkat remove rm", "unlink", NULL },
	{ CALL, "mkdirat", "mkdir", NULL },
	{ CALL, "mknodat mkfifo", "mknod", NULL },
	{ CALL, "symlinkat", "symlink", NULL },
	{ CALL, "linkat", "link", NULL },
	{ CALL, "readlinkat", "readlink", NULL },
	{ CALL, "renameat mv", "rename", NULL },
	{ CALL, "faccessat faccessat2", "access", NULL },
	{ CALL, "fchmodat", "chmod", NULL },
	{ CALL, "lchown fchownat", "chown", NULL },
	{ CALL, "utime utimes futimes touch", "utimensat", NULL },
	{ CALL, "mmap2", "mmap", NULL },
	{ CALL, "fadvise64 fadvise", "posix_fadvise", NULL },
	{ CALL, "sendfile64", "sendfile", NULL },
	{ CALL, "dup3", "dup2", NULL },
	{ CALL, "ppoll select pselect6 epoll_wait", "poll", NULL },
	{ CALL, "lgetxattr fgetxattr", "getxattr", NULL },
	{ CALL, "lsetxattr fsetxattr", "setxattr", NULL },
	{ CALL, "llistxattr flistxattr", "listxattr", NULL },
	{ CALL, "lremovexattr fremovexattr", "removexattr", NULL },
	{ CALL, "execve", "exec", NULL },
	{ CALL, "execveat", "fexecve", NULL },
	{ CALL, "inotify_init1 inotify_add_watch", "inotify", NULL },
	{ CALL, "fanotify_init fanotify_mark", "fanotify", NULL },
	{ CALL, "vfork clone clone3", "fork", NULL },
	{ CALL, "umount2", "umount", NULL },
	{ CALL, "name_to_handle_at", "name_to_handle", NULL },
	{ CALL, "open_by_handle_at", "open_by_handle", NULL },
	{ CALL, "setrlimit prlimit64", "setrlimit_fsize", NULL },
	{ CALL, "fcntl fcntl64 lockf", NULL, "by what it does: setlk, setlkw, getlk, lease, "
	  "fcntl_setfl" },
	{ CALL, "io_submit io_setup io_getevents", NULL, "aio_read, aio_write and aio_wait" },
	{ CALL, "memcpy memset peek poke", NULL, "load and store, on a mapping of mmap" },
	{ CALL, "kill tgkill raise", NULL, "a step: \"signal: {ACTOR: SIGUSR1}\"" },

	{ TOP, "mount filesystem fs", "mounts", NULL },
	{ TOP, "device", "devices", NULL },
	{ TOP, "client clients threads processes tasks", "actors", NULL },
	{ TOP, "actor", "actors", NULL },
	{ TOP, "script test tests run do actions", "steps", NULL },
	{ TOP, "check checks assert asserts expected expectations then", "expect", NULL },
	{ TOP, "vars variables params parameters parametrize matrix examples", "cases",
	  NULL },
	{ TOP, "requires require skip skipif prerequisites", "needs", NULL },
	{ TOP, "xfail known_failures fail", "fails", NULL },
	{ TOP, "server handlers responses when", "rules", NULL },
	{ TOP, "state", "states", NULL },
	{ TOP, "version", "fusescen", NULL },
	{ TOP, "tracepoints events", "trace", NULL },
	{ TOP, "name title description summary", NULL, "a comment in the first line is the "
	  "title" },
	{ TOP, "files backing workers", NULL, "it belongs to a mount: "
	  "\"mounts: {fs: {files: ...}}\"" },
	{ TOP, "setup before", NULL, "files are made by the mount, and the rest by the first "
	  "steps" },
	{ TOP, "teardown after cleanup", NULL, "nothing has to be cleaned up" },
	{ TOP, "repeat rounds", NULL, "\"run --repeat N\" does that" },

	{ MOUNT, "flags features", "init", NULL },
	{ MOUNT, "opts mount_options o", "options", NULL },
	{ MOUNT, "threads handlers", "workers", NULL },
	{ MOUNT, "type fs fstype backend", "backing", NULL },
	{ MOUNT, "dir path directory mirror source", NULL, "write \"backing: {mirror: DIR}\"" },
	{ MOUNT, "tmpfs", NULL, "write \"backing: {tmpfs: SIZE}\"" },
	{ MOUNT, "timeout entry_timeout attr_timeout negative_timeout entry_valid attr_valid",
	  NULL, "write \"timeouts: {entry: TIME, attr: TIME, negative: TIME}\"" },
	{ MOUNT, "rules", NULL, "rules are a key of the file; they name the mount by "
	  "\"file: MOUNT:/path\"" },

	{ FILE_, "content contents text", "data", NULL },
	{ FILE_, "perm perms permissions permission", "mode", NULL },
	{ FILE_, "owner user", "uid", NULL },
	{ FILE_, "group", "gid", NULL },
	{ FILE_, "length len", "size", NULL },
	{ FILE_, "symlink link to", "target", NULL },
	{ FILE_, "xattr attrs attributes", "xattrs", NULL },
	{ FILE_, "flags open_flags", "open", NULL },
	{ FILE_, "pattern byte", "fill", NULL },
	{ FILE_, "passthrough", NULL, "write \"open: [passthrough], backing: MOUNT:/FILE\"" },

	{ RULE, "operation opcode request ops", "op", NULL },
	{ RULE, "path inode target", "file", NULL },
	{ RULE, "match args filter fields with", "where", NULL },
	{ RULE, "if while state unless", "when", NULL },
	{ RULE, "gate block wait stop", "hold", NULL },
	{ RULE, "sleep latency slow", "delay", NULL },
	{ RULE, "limit max repeat", "times", NULL },
	{ RULE, "count index skip", "nth", NULL },
	{ RULE, "ignore discard lose swallow", "drop", NULL },
	{ RULE, "client process task", "actor", NULL },
	{ RULE, "hang freeze", "stall", NULL },
	{ RULE, "crash exit", "die", NULL },
	{ RULE, "return returns respond response then", "reply", NULL },
	{ RULE, "invalidate inval notification", "notify", NULL },
	{ RULE, "errno err fail error", NULL, "write \"reply: {error: EIO}\"" },

	{ REPLY, "errno err fail", NULL, "write \"error: EIO\"" },
	{ REPLY, "content contents", "data", NULL },
	{ REPLY, "bytes hex", "raw", NULL },
	{ REPLY, "truncate cut", "short", NULL },
	{ REPLY, "duplicate twice times", "copies", NULL },

	{ ACTOR, "user", "uid", NULL },
	{ ACTOR, "group", "gid", NULL },
	{ ACTOR, "supplementary supplementary_groups group_list", "groups", NULL },
	{ ACTOR, "thread of parent thread_of", "process", NULL },
	{ ACTOR, "processor core", "cpu", NULL },

	{ OPTION, "allow_other", NULL, "it is always on, except with no_allow_other" },
	{ OPTION, "rw async dev suid exec atime", NULL, "that is so without an option" },
	{ OPTION, "nodev nosuid", NULL, "that is always so" },
	{ OPTION, "user_id group_id rootmode fd", NULL, "it is chosen for you" },
	{ OPTION, "max_read", NULL, "a key of the mount: \"max_read: SIZE\"" },

	{ NOTIFY, "inval", NULL, "did you mean inval_inode or inval_entry?" },
	{ NOTIFY, "invalidate forget inval_page inval_pages inval_data notify_inval_inode",
	  "inval_inode", NULL },
	{ NOTIFY, "inval_dentry inval_name inval_dir notify_inval_entry expire "
	  "expire_entry", "inval_entry", NULL },
	{ NOTIFY, "notify_store write push", "store", NULL },
	{ NOTIFY, "notify_retrieve read fetch", "retrieve", NULL },
	{ NOTIFY, "notify_delete unlink remove", "delete", NULL },
	{ NOTIFY, "notify_poll wakeup wake", "poll", NULL },
	{ NOTIFY, "retry", "resend", NULL },
	{ NOTIFY, "epoch", "inc_epoch", NULL },
};

/* One word of a list that is separated by blanks. */
static bool is_among(const char *words, const char *text, size_t len)
{
	while (*words) {
		size_t n = strcspn(words, " ");

		if (n == len && !memcmp(words, text, n))
			return true;
		words += n + (words[n] == ' ');
	}
	return false;
}

/* A place that begins with a blank is the end of the message's words. */
static bool is_place(const char *place, const char *what)
{
	size_t n = strlen(place), have = strlen(what);

	return place[0] == ' ' ? have > n && !strcmp(what + have - n, place) :
		!strcmp(place, what);
}

static bool guess_by_word(struct buf *out, const char *what, const char *text,
			  size_t len, struct words right)
{
	for (size_t i = 0; i < ARRAY_SIZE(guesses); i++) {
		const struct guess *g = &guesses[i];

		if ((g->what && !is_place(g->what, what)) ||
		    !is_among(g->words, text, len) ||
		    (g->now && !words_have(right, g->now)))
			continue;
		if (g->now)
			buf_printf(out, "did you mean %s?", g->now);
		else
			buf_puts(out, g->advice);
		return true;
	}
	return false;
}

/* ---- words of other places ------------------------------------------------ */

static bool is_check(const char *text, size_t len)
{
	return words_have_text(check_words, text, len);
}

static bool is_step(const char *text, size_t len)
{
	return words_have_text(step_words, text, len);
}

static bool is_call(const char *text, size_t len)
{
	return call_by_name(text, len) != NULL;
}

static bool is_notification(const char *text, size_t len)
{
	return note_by_name(&protocol_builtin, text, len) != NULL;
}

static bool is_operation(const char *text, size_t len)
{
	return op_by_name(&protocol_builtin, text, len) != NULL;
}

static bool is_init_flag(const char *text, size_t len)
{
	return flag_find(&flags_init, text, len) != NULL;
}

static bool is_fopen_flag(const char *text, size_t len)
{
	return flag_find(&flags_fopen, text, len) != NULL;
}

static bool is_mount_option(const char *text, size_t len)
{
	return flag_find(&flags_mount, text, len) != NULL;
}

static bool is_init_field(const char *text, size_t len)
{
	return op_reply_field(op_by_code(&protocol_builtin, OP_INIT), text, len);
}

static bool is_request_field(const char *text, size_t len)
{
	for (size_t i = 0; i < protocol_builtin.n_ops; i++)
		if (op_arg(&protocol_builtin.ops[i], text, len))
			return true;
	return false;
}

static bool is_rule_word(const char *text, size_t len)
{
	return is_among("op hold drop delay bandwidth reply expect_write where nth times "
			"when", text, len);
}

static bool is_top_key(const char *text, size_t len)
{
	return is_among("needs hazard trace mounts devices rules states actors steps "
			"expect cases fails timeout seed", text, len);
}

static const struct {
	const char *what;
	bool (*is)(const char *text, size_t len);
	const char *before, *behind;	/* around the word */
} places[] = {
	{ STEP, is_rule_word, "a rule does that: \"rules: [{op: OP, ", ": ...}]\"" },
	{ STEP, is_top_key, "\"", ":\" is a key of the file" },
	{ STEP, is_check, "a check; it goes under \"expect:\", or is \"check: {",
	  ": ...}\" as a step" },
	{ STEP, is_call, "a call; an actor makes it: \"ACTOR: ", "(...)\"" },
	{ STEP, is_notification, "write \"notify: {", ": ...}\"" },
	{ STEP, is_operation, "an operation; \"wait: ", "\" waits for it" },
	{ CHECK, is_step, "a step; it goes under \"steps:\": \"", ": ...\"" },
	{ CHECK, is_call, "a call; it is a step: \"ACTOR: ", "(...)\"" },
	{ CHECK, is_operation, "an operation; \"{count: ", ", is: N}\"" },
	{ CALL, is_step, "a step, without an actor: \"", ": ...\"" },
	{ TOP, is_step, "a step; it goes under \"steps:\": \"- ", ": ...\"" },
	{ TOP, is_check, "a check; it goes under \"expect:\": \"- ", ": ...\"" },
	{ TOP, is_rule_word, "it belongs to a rule: \"rules: [{op: OP, ", ": ...}]\"" },
	{ MOUNT, is_init_field, "write \"init: {", ": ...}\"" },
	{ MOUNT, is_init_flag, "write \"init: [", "]\"" },
	{ MOUNT, is_mount_option, "write \"options: [", "]\"" },
	{ MOUNT, is_fopen_flag, "a flag of a file: \"open: [", "]\"" },
	{ FILE_, is_fopen_flag, "write \"open: [", "]\"" },
	{ RULE, is_notification, "write \"notify: {", ": ...}\"" },
	{ RULE, is_request_field, "write \"where: {", ": ...}\"" },
	{ OPTION, is_init_flag, "an INIT flag: \"init: [", "]\"" },
	{ OPTION, is_fopen_flag, "a flag of a file: \"open: [", "]\"" },
	{ INIT, is_fopen_flag, "a flag of a file: \"open: [", "]\"" },
	{ INIT, is_mount_option, "a mount option: \"options: [", "]\"" },
	{ INIT, is_init_field, "a number of the reply: \"init: {", ": ...}\"" },
};

static bool guess_by_place(struct buf *out, const char *what, const char *text,
			   size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		if (!is_place(places[i].what, what) || !places[i].is(text, len))
			continue;
		buf_printf(out, "%s%.*s%s", places[i].before, (int)len, text,
			   places[i].behind);
		return true;
	}
	return false;
}

bool guess_word(struct buf *out, const char *what, const char *text, size_t len,
		struct words right)
{
	return guess_by_word(out, what, text, len, right) ||
	       guess_by_place(out, what, text, len);
}
