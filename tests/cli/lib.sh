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
