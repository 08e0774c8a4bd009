#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the documents about kernels name exists, and tools/update-matrix writes new
# tables into doc/kernel-matrix.md around the words that are there.  That these
# tables are new is not looked at: they take minutes.
cd "$srcdir" || exit 99
echo 1..4
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

verdict() { # verdict N TEXT: a failure if there is something in $dir/said
	[ ! -s "$dir/said" ] && echo "ok $1 - $2" && return
	echo "not ok $1 - $2"
	sed 's/^/# /' "$dir/said"
}

# lost FILE...: what they link to beside doc/, and is not there
lost() {
	grep -oh '](\.\./[^)]*)' "$@" | sort -u | sed 's/^](\.\.\/\(.*\))$/\1/' |
		while read -r name; do
			[ -e "$name" ] || echo "$name"
		done
}

lost doc/kernel-matrix.md doc/kernel-findings.md >"$dir/said"
verdict 1 'scenarios that are named exist'

# That it can say no.
echo 'see [one](../scenarios/one.yaml)' >"$dir/page"
echo scenarios/one.yaml >"$dir/expected"
lost "$dir/page" | diff - "$dir/expected" >"$dir/said"
verdict 2 'a lost scenario is found'

# A table of one kernel, in a tree of its own.
mkdir "$dir/doc" "$dir/tools"
cp tools/update-matrix "$dir/tools"
cp doc/kernel-matrix.md "$dir/doc"
table() { # table VERDICT
	echo '{"fusescen_matrix": 1, "kernels": ["1.0"], "rows": [{"file": "scenarios/t/one.yaml",
		"title": "what one shows", "cells": {"1.0": {"verdict": "'"$1"'", "summary": "why"}}}]}' \
		>"$dir/one.json"
}
page=$dir/doc/kernel-matrix.md
table pass
sh "$dir/tools/update-matrix" "$builddir" "$dir/one.json" >"$dir/said" 2>&1
words='/^## In words$/,/^# Case by case$/p'
sed -n "$words" doc/kernel-matrix.md >"$dir/old"
sed -n "$words" "$page" | diff "$dir/old" - >>"$dir/said"
grep -qxF '| 1.0 | 1 | 0 | 0 | 0 | 0 | 0 |' "$page" || cat "$page" >>"$dir/said"
[ "$(wc -l <"$dir/old")" -gt 50 ] || echo 'there are no words' >>"$dir/said"
verdict 3 'tables are put around the words that are there'
cp "$page" "$dir/old"
table fail
: >"$dir/said"
sh "$dir/tools/update-matrix" "$builddir" "$dir/one.json" >/dev/null 2>&1 &&
	echo 'status 0' >>"$dir/said"
diff "$dir/old" "$page" >>"$dir/said"
verdict 4 'a failure changes nothing'
