#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The exported symbols are those of the map, those of fusescen.h, those of the
# manual, and at most 33; the list of the sources is up to date.
cd "$srcdir" || exit 99
LC_ALL=C
export LC_ALL
echo 1..5
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
sed -n 's/^\t\(fusescen_[a-z_]*\);$/\1/p' lib/fusescen.map | sort >"$dir/map"
tr '\n' ' ' <lib/fusescen.h | grep -oE 'FUSESCEN_API [^(;]*\(' |
	grep -oE 'fusescen_[a-z_]+ *\($' | tr -d ' (' | sort -u >"$dir/header"
if diff "$dir/map" "$dir/header" >"$dir/diff" && [ "$(wc -l <"$dir/map")" -le 33 ]; then
	echo 'ok 1 - map and header agree'
else
	echo 'not ok 1 - map and header agree'
	sed 's/^/# /' "$dir/diff"
fi
lib=$builddir/lib/.libs/libfusescen.so
if [ ! -e "$lib" ]; then
	echo 'ok 2 - exported symbols # SKIP no shared library built'
elif nm -D --defined-only "$lib" | awk '$2 == "T" { sub(/@.*/, "", $3); print $3 }' |
	sort | diff "$dir/map" - >"$dir/diff"; then
	echo 'ok 2 - exported symbols'
else
	echo 'not ok 2 - exported symbols'
	sed 's/^/# /' "$dir/diff"
fi
undocumented=$(while read -r name; do
	grep -q "$name" doc/fusescen-api.3 || echo "# $name"; done <"$dir/map")
if [ -z "$undocumented" ]; then
	echo 'ok 3 - every function is in fusescen-api(3)'
else
	echo 'not ok 3 - every function is in fusescen-api(3)'
	echo "$undocumented"
fi
if tools/update-lists --check 2>"$dir/diff"; then
	echo 'ok 4 - sources.mk is up to date'
else
	echo 'not ok 4 - sources.mk is up to date'
	sed 's/^/# /' "$dir/diff"
fi
# What is missing there, the package is built without a word about.
if sed -n 's/^ \(fusescen_[a-z_]*\)@FUSESCEN_0.1 .*/\1/p' packaging/debian/libfusescen0.symbols |
	sort | diff "$dir/map" - >"$dir/diff"; then
	echo "ok 5 - Debian's list of symbols has those of the map"
else
	echo "not ok 5 - Debian's list of symbols has those of the map"
	sed 's/^/# /' "$dir/diff"
fi
