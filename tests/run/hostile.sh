#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Scenarios that would hang the kernel, flood it, or never end: each must end in time
# with the verdict "fail", and leave no process behind.  A flood may fill the
# log within its time, on a fast machine: then it is an error, because the log is a
# limit of ours.
cd "$srcdir/tests/run" || exit 99
set -- hostile-*.yaml
echo "1..$#"
out=$(mktemp) || exit 99
trap 'rm -f "$out"' EXIT
n=0
for file; do
	n=$((n + 1))
	name=${file%.yaml}
	start=$(date +%s)
	timeout 300 "$FUSESCEN" run "$file" >"$out" 2>&1
	status=$?
	case $file:$status in
	*-flood.yaml:99 | *:1) as_expected=true ;;
	*) as_expected=false ;;
	esac
	took=$(($(date +%s) - start))
	left=$(ps -eo args | grep -c "[f]usescen run $file")
	if [ $status = 77 ]; then
		echo "ok $n - $name # SKIP $(sed -n 's/^skip *//p' "$out" | head -1)"
	elif ! $as_expected || [ $took -gt 15 ] || [ "$left" != 0 ]; then
		echo "not ok $n - $name: status $status, ${took}s, $left processes left"
		sed 's/^/# /' "$out"
	else
		echo "ok $n - $name (${took}s)"
	fi
done
