# SPDX-License-Identifier: GPL-2.0-or-later
# For programs of others on a mount of ours.  To be sourced by the tests here.
# THOROUGH=1 in the environment: some minutes of each instead of some seconds.
. "${srcdir:-.}/tests/cli/lib.sh"

here=$(cd "${srcdir:-.}" && pwd)/tests/thirdparty
examples=$here/../../doc/examples
limit=120
[ -z "${THOROUGH:-}" ] || limit=1800

# needs TOOL...: skip everything without them
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

# on BACKING SCENARIO COMMAND...: the command where mnt is served and sock is for
# ctl; a mirror is of dir, new each time.  Like fs.
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

# everywhere TEXT COMMAND...: it succeeds on both backings, with the page cache
# written through and back, with and without delays
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
