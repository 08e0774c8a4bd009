# SPDX-License-Identifier: GPL-2.0-or-later
# For tests of the command line: run it, look at its status and output, TAP.
# To be sourced by them; each works in a directory of its own.

case $FUSESCEN in /*) ;; *) FUSESCEN=$PWD/$FUSESCEN ;; esac
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
mkdir .out
n=0

# fs ARGUMENT...: run fusescen; then $status, .out/out and .out/err are there
fs() {
	timeout 300 "$FUSESCEN" "$@" >.out/out 2>.out/err
	status=$?
}

# ok TEXT CONDITION...: one test point
ok() {
	text=$1
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $text"
		return
	fi
	echo "not ok $n - $text"
	echo "# failed: $*; the last status was $status"
	sed 's/^/# out: /' .out/out
	sed 's/^/# err: /' .out/err
}

skip() { # skip TEXT REASON
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

done_testing() {
	echo "1..$n"
}

gave() { [ "$status" = "$1" ]; }			# gave STATUS
out_has() { grep -qE -e "$1" .out/out; }		# out_has REGEX
out_lacks() { ! grep -qE -e "$1" .out/out; }
err_has() { grep -qE -e "$1" .out/err; }
is_silent() { [ ! -s .out/out ] && [ ! -s .out/err ]; }
out_is() { printf "$1" | cmp -s - .out/out; }		# out_is FORMAT

# scenario FILE RESULT [LINE...]: one call, whose result is 0; more lines of
# the file
scenario() {
	file=$1 result=$2
	shift 2
	{
		echo "# $file"
		echo 'fusescen: 1'
		echo 'mounts: {fs: {files: {/data: {size: 4K}}}}'
		echo 'actors: [app]'
		echo "steps: [app: 'access(\"/data\", F_OK) = $result']"
		for line; do echo "$line"; done
	} >"$file"
}

# Can anything run here at all?
can_run() {
	scenario .can.yaml 0
	fs run .can.yaml
	rm .can.yaml
	[ "$status" = 0 ]
}

soon() { # soon CONDITION...: it holds within ten seconds
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || return 1
		sleep 0.1
	done
}

# proof_scenario FILE: a read is held, proven to be blocked, and released.  Proofs
# look at threads in /proc, so this scenario notices one that is missing or wrong.
proof_scenario() {
	cat >"$1" <<'END'
# Held, blocked, released
fusescen: 1
mounts: {fs: {files: {/data: {size: 4K, open: [direct_io]}}}}
rules: [{op: READ, hold: g}]
actors: [app, other]
steps:
  - app: fd = open("/data", O_RDWR)
  - app: pread(fd, 4K, 0) ...
  - held: g
  - blocked: app
  - release: g
  - app: ... = 4K
END
}

# dom FILE [#ADDRESS]: what is on a page after its scripts, in the file "dom"
dom() {
	timeout 60 "$browser" --headless --no-sandbox --disable-gpu \
		--user-data-dir="$work/.browser" --virtual-time-budget=3000 \
		--dump-dom "file://$work/$1${2-}" >dom 2>.out/err
}
in_dom() { grep -qE -e "$1" dom; }			# in_dom REGEX
has_browser() {
	browser=$(command -v chromium || command -v chromium-browser ||
		command -v google-chrome) || return 1
	echo '<p>it</p><script>document.body.append("works")</script>' >.page.html
	dom .page.html && in_dom 'works'
}

# hello_server FILE: the source of somebody else's server.  With IN_INIT it attaches
# itself, by the scenario that $FAULTS names.
hello_server() {
	cat >"$1" <<'END'
#define FUSE_USE_VERSION 312
#include <errno.h>
#include <fuse.h>
#include <string.h>

static int get(const char *path, struct stat *st, struct fuse_file_info *fi)
{
	(void)fi;
	memset(st, 0, sizeof(*st));
	st->st_nlink = 1;
	st->st_mode = path[1] ? S_IFREG | 0444 : S_IFDIR | 0755;
	st->st_size = 6;
	return path[1] && strcmp(path, "/hello") ? -ENOENT : 0;
}

static int take(const char *path, char *buf, size_t size, off_t off,
		struct fuse_file_info *fi)
{
	(void)path, (void)size, (void)fi;
	if (off)
		return 0;
	memcpy(buf, "Hello\n", 6);
	return 6;
}

#ifdef IN_INIT
#include <fuse_lowlevel.h>
#include <fusescen.h>
#include <stdlib.h>

static void *start(struct fuse_conn_info *conn, struct fuse_config *cfg)
{
	fusescen_file *file = fusescen_load(getenv("FAULTS"));
	struct fuse *fuse = fuse_get_context()->fuse;

	(void)conn, (void)cfg;
	return fusescen_attach(fuse_get_session(fuse), file, 0, NULL, NULL);
}

static void end(void *attachment)
{
	fusescen_report_free(fusescen_detach(attachment));
}
#endif

int main(int argc, char **argv)
{
	static const struct fuse_operations ops = {
		.getattr = get, .read = take,
#ifdef IN_INIT
		.init = start, .destroy = end,
#endif
	};

	return fuse_main(argc, argv, &ops, NULL);
}
END
}
