#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every whole scenario of fusescen-tutorial(7) and fusescen-scenario(5) loads, and
# every block there is marked as one, as a fragment or as a log; the scenarios of
# doc/examples load; the program of fusescen-api(3) and those of doc/examples
# compile.
cd "$srcdir" || exit 99
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

awk -v dir="$dir" '
	/^\.\\" (scenario|fragment|log)$/ { mark = $2; next }
	/^\.Bd -literal -compact$/ {
		if (mark == "") print NR > (dir "/unmarked")
		if (mark == "scenario") file = sprintf("%s/example-%02d.yaml", dir, ++n)
		next
	}
	/^\.Ed$/ { file = mark = ""; next }
	file != "" { gsub(/\\&/, ""); gsub(/\\e/, "\\"); print > file }
' doc/fusescen-tutorial.7 doc/fusescen-scenario.5

set -- "$dir"/example-*.yaml
[ -e "$1" ] || set --
from_manual=$#
set -- "$@" doc/examples/*.yaml
echo "1..$(($# + 4))"
n=0
for file; do
	n=$((n + 1))
	title=$(sed -n '1s/^# //p' "$file")
	if out=$("$FUSESCEN" check "$file" 2>&1); then
		printf 'ok %s - %s\n' "$n" "$title"
	else
		printf 'not ok %s - %s\n' "$n" "$title"
		echo "$out" | sed 's/^/# /'
	fi
done
n=$((n + 1))
[ $from_manual -ge 24 ] && echo "ok $n - enough examples" || echo "not ok $n - only $from_manual examples"
n=$((n + 1))
if [ -e "$dir/unmarked" ]; then
	echo "not ok $n - all blocks are marked"
	sed 's/^/# line /' "$dir/unmarked"
else
	echo "ok $n - all blocks are marked"
fi
n=$((n + 1))
awk '/^#include/ { on = 1 } /^\.Ed$/ { on = 0 } on' doc/fusescen-api.3 >"$dir/api.c"
if out=$(${CC:-cc} -Wall -Wextra -Werror -fsyntax-only -I lib "$dir/api.c" 2>&1); then
	echo "ok $n - the program of fusescen-api(3)"
else
	echo "not ok $n - the program of fusescen-api(3)"
	echo "$out" | sed 's/^/# /'
fi
n=$((n + 1))
# shellcheck disable=SC2086
if out=$(${CC:-cc} -Wall -Wextra -Werror -fsyntax-only $LIB_CFLAGS -I lib doc/examples/*.c 2>&1); then
	echo "ok $n - the programs of doc/examples"
else
	echo "not ok $n - the programs of doc/examples"
	echo "$out" | sed 's/^/# /'
fi
