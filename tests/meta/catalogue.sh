#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every word of the language has a scenario or a reason why not, and no reason is
# stale; the scenarios that show a behaviour exist; the pages that are made of
# them have them all.
cd "$srcdir" || exit 99
echo 1..3
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

verdict() { # verdict N TEXT STATUS FILE
	[ "$3" -eq 0 ] && echo "ok $1 - $2" && return
	echo "not ok $1 - $2"
	sed 's/^/# /' "$4"
}

"$builddir/tools/catalogue" coverage scenarios >"$dir/coverage" 2>"$dir/complaints"
verdict 1 'words, reasons and behaviours fit the scenarios' $? "$dir/complaints"
for scenario in scenarios/*/*.yaml; do
	echo "](../$scenario)"
done | sort >"$dir/links"
"$builddir/tools/catalogue" scenarios scenarios 2>&1 | grep -oE '\]\([^)]*\.yaml\)' |
	sort | diff "$dir/links" - >"$dir/diff"
verdict 2 'all of them are in doc/scenarios.md' $? "$dir/diff"

# That it can say no.
mkdir -p "$dir/scenarios/topic" "$dir/doc"
cp scenarios/files/ordinary-program.yaml "$dir/scenarios/topic/one.yaml"
printf 'op BMAP \342\200\224 no reason\ncall open \342\200\224 stale\n' >"$dir/doc/coverage.reasons"
printf '1 here \342\200\224 topic/one\n2 gone \342\200\224 topic/two\n' >"$dir/doc/coverage.behaviours"
"$builddir/tools/catalogue" coverage "$dir/scenarios" >/dev/null 2>"$dir/complaints"
status=$?
sed 's/^[^ ]*: //' "$dir/complaints" | grep -v '^no scenario uses [^o]' |
	grep -E 'SYNCFS|BMAP|call open|reason$|called' >"$dir/said"
diff "$dir/said" - >"$dir/diff" <<'END' && [ $status -eq 1 ]
no scenario uses op SYNCFS, and no reason is given
nothing needs this reason
no scenario is called topic/two
END
verdict 3 'missing and stale reasons and lost scenarios are found' $? "$dir/diff"
