#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No global name of the command line is one of the library's: without shared
# libraries, one program is linked of both.
LC_ALL=C
export LC_ALL
if ! command -v nm >/dev/null; then
	echo '1..0 # SKIP no nm'
	exit
fi
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

# names DIR...: the global names that the objects below define
names() {
	find "$@" -name '*.o' ! -path '*/preload/*' -exec nm --defined-only -g {} + 2>/dev/null |
		awk 'NF == 3 { print $3 }' | sort -u
}

# In some builds objects have a folder of their own.
names "$builddir/lib" "$builddir/o/lib" >"$dir/lib" 2>/dev/null
names "$builddir/fusescen" "$builddir/o/fusescen" >"$dir/fusescen" 2>/dev/null

# differ FILE FILE: nothing is in both
differ() {
	[ -s "$1" ] && [ -s "$2" ] && [ -z "$(comm -12 "$1" "$2")" ]
}

echo 1..2
if differ "$dir/lib" "$dir/fusescen"; then
	echo 'ok 1 - no global name is in both'
else
	echo 'not ok 1 - no global name is in both'
	comm -12 "$dir/lib" "$dir/fusescen" | sed 's/^/# /'
fi
head -n 1 "$dir/lib" >>"$dir/fusescen"
sort -u -o "$dir/fusescen" "$dir/fusescen"
if differ "$dir/lib" "$dir/fusescen"; then
	echo 'not ok 2 - one that is in both is found'
else
	echo 'ok 2 - one that is in both is found'
fi
