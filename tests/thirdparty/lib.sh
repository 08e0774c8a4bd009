# SPDX-License-Identifier: GPL-2.0-or-later
# For tests that run programs of others on a mount of ours, which source this file.
# With THOROUGH=1 in the environment, each runs some minutes instead of some seconds.
. "${srcdir:-.}/tests/cli/lib.sh"

here=$(cd "${srcdir:-.}" && pwd)/tests/thirdparty
examples=$here/../../doc/examples
limit=120
[ -z "${THOROUGH:-}" ] || limit=1800

# needs TOOL...: skip the whole test if one of them is missing
needs() {
	for tool; do
		command -v "$tool" >/dev/null && continue
		echo "1..0 # SKIP no $tool"
		exit
	done
}

size() { # size SHORT LONG
	[ -n "${THOROUGH:-}" ] && echo "$2" || echo "$1"
}

# on BACKING SCENARIO COMMAND...: run the command while mnt is served and sock takes
# commands of ctl.  A mirror shows dir, which is new each time.  It returns as fs does.
on() {
	backing=$1 scenario=$2
	shift 2
	rm -rf dir
	mkdir dir
	[ "$backing" = mirror ] && backing=dir
	timeout "$limit" "$FUSESCEN" serve -s sock --backing "$backing" \
		"$scenario" mnt -- "$@" >.out/out 2>.out/err
	status=$?
}

# everywhere TEXT COMMAND...: the command succeeds on both backings, with the page
# cache written through and written back, with and without delays
everywhere() {
	what=$1
	shift
	for where in $(size 'memory,writeback memory,delays mirror,plain mirror,delays' \
		'memory,plain memory,writeback memory,delays
		mirror,plain mirror,writeback mirror,delays'); do
		on "${where%,*}" "$here/${where#*,}.yaml" "$@"
		ok "$what: $where" gave 0
	done
}

if ! can_run; then
	echo '1..0 # SKIP nothing can run here: see fusescen doctor'
	exit
fi
mkdir mnt
