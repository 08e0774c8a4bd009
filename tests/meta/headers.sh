#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every header compiles alone; the public one also as C99 and as C++.  So do the
# fuzz targets, which "make check" does not build.
cd "$srcdir" || exit 99
set -- $(find lib fusescen -name '*.h' | sort) tests/fuzz/*.c
echo "1..$(($# + 1))"
n=0
for h; do
	n=$((n + 1))
	# shellcheck disable=SC2086
	if out=$($CC $LIB_CFLAGS -std=gnu11 -D_GNU_SOURCE -iquote lib -iquote . -iquote "$builddir" -Wall -Wextra \
		-Werror -fsyntax-only -x c "$h" 2>&1); then
		echo "ok $n - $h"
	else
		echo "not ok $n - $h"
		echo "$out" | sed 's/^/# /'
	fi
done
n=$((n + 1))
if ! command -v g++ >/dev/null; then
	echo "ok $n - fusescen.h for C++ # SKIP no g++"
elif g++ -std=c++11 -Wall -Werror -fsyntax-only -x c++ lib/fusescen.h &&
	$CC -std=c99 -Wall -Werror -fsyntax-only -x c lib/fusescen.h; then
	echo "ok $n - fusescen.h for C++ and C99"
else
	echo "not ok $n - fusescen.h for C++ and C99"
fi
