#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each fail-*.yaml must fail, with exactly the report of its .expected file (without
# the ladder, whose numbers vary).  UPDATE=1 writes the .expected files.
cd "$srcdir/tests/run" || exit 99
set -- fail-*.yaml
echo "1..$#"
out=$(mktemp) || exit 99
trap 'rm -f "$out" "$out.text"' EXIT
n=0
for file; do
	n=$((n + 1))
	name=${file%.yaml}
	timeout 300 "$FUSESCEN" run "$file" >"$out" 2>&1
	status=$?
	# the verdict: from the first "FILE:" line to the ladder, addresses and
	# times removed, and the flag that writes of others than root have
	awk '/^fail-/ || /^XPASS/ { on = 1 } /^  events:/ || /^[0-9]+ passed/ { on = 0 } on' "$out" |
		sed -e 's/#[0-9][0-9]*/#N/g' -e '/^    [a-z]* is in .*: /s/: [a-z_].*/: STACK/' \
		    -e 's/[0-9]* overlapped, [0-9]* of/N overlapped, N of/' \
		    -e 's/, at [a-z_]* < .*/, at STACK/' -e 's/|kill_suidgid//' \
		    -e '/actual:/s/[0-9.]*\(us\|ms\|ns\) from/TIME from/' \
		    -e 's/  [0-9.]* \(us\|ms\|s\)$//' >"$out.text"
	if [ $status = 77 ]; then
		echo "ok $n - $name # SKIP $(sed -n 's/^skip *//p' "$out" | head -1)"
		continue
	fi
	[ -n "$UPDATE" ] && [ $status = 1 ] && cp "$out.text" "$name.expected"
	if [ $status != 1 ]; then
		echo "not ok $n - $name: exit status $status, not 1"
		sed 's/^/# /' "$out"
	elif ! diff -u "$name.expected" "$out.text" >"$out.diff" 2>&1; then
		echo "not ok $n - $name: another verdict"
		sed 's/^/# /' "$out.diff"
	else
		echo "ok $n - $name"
	fi
	rm -f "$out.diff"
done
