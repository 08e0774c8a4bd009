#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What `fusescen check` says of the files in bad/, word for word, and that it
# says nothing of those in good/.  TAP.  FUSESCEN: the program under test.
#
# A new bad file: write it, look at what is said, keep that beside it:
#	cd tests/load/bad && fusescen check x.yaml 2>x.err

FUSESCEN=${FUSESCEN:-fusescen}
here=$(cd "${srcdir:-$(dirname "$0")/../..}/tests/load" && pwd) || exit 99
out=$(mktemp -d) || exit 99
trap 'rm -rf "$out"' EXIT

n=0
bad=0

# test_end NAME FAULT...: one line of TAP, why it failed below it
test_end() {
	name=$1
	shift
	n=$((n + 1))
	if [ -z "$*" ]; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name: $*"
		sed 's/^/# /' "$out/diff"
		bad=1
	fi
}

# run_check FILE: its messages in $out/err, its status in $status
run_check() {
	timeout 120 $FUSESCEN check "$1" 2>"$out/err" >"$out/stdout"
	status=$?
}

cd "$here/bad" || exit 99
set -- *.yaml
total=$#
for file; do
	fault=
	: >"$out/diff"
	run_check "$file"
	[ "$status" = 99 ] || fault="status $status instead of 99"
	diff -u "${file%.yaml}.err" "$out/err" >"$out/diff" 2>&1 ||
		fault="$fault other messages than expected"
	test_end "bad/$file" $fault
done

cd "$here/good" || exit 99
set -- *.yaml
total=$((total + $#))
for file; do
	fault=
	run_check "$file"
	cp "$out/err" "$out/diff"
	[ "$status" = 0 ] || fault="status $status instead of 0"
	[ ! -s "$out/err" ] || fault="$fault messages"
	test_end "good/$file" $fault
done

echo "1..$total"
exit $bad
