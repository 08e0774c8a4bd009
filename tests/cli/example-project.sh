#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# doc/examples/project as somebody would build it who has fusescen installed: with
# automake and with meson, with tests that pass, and with some that do not.
. "${srcdir:-.}/tests/cli/lib.sh"

here=$(cd "${srcdir:-.}" && pwd)
build=${builddir:-.}
case $build in /*) ;; *) build=$here/$build ;; esac
skip_all() {
	echo "1..0 # SKIP $1"
	exit
}
[ -e "$build/Makefile" ] || skip_all 'not built by automake, so nothing can be installed'
[ -e "$build/lib/.libs/libfusescen.so" ] || skip_all 'no shared library'
command -v pkg-config >/dev/null || skip_all 'no pkg-config'
can_run || skip_all 'nothing can run here: see fusescen doctor'

as_is() { "$@" >.out/out 2>.out/err; status=$?; }
# What is installed believes in another prefix.
as_is env -u MAKEFLAGS -u MAKELEVEL -u TESTS make -s -C "$build" install prefix="$work/inst"
ok 'fusescen is installed' gave 0
sed -i "s,^prefix=.*,prefix=$work/inst," "$work/inst/lib/pkgconfig/fusescen.pc"
PATH=$work/inst/bin:$PATH
PKG_CONFIG_PATH=$work/inst/lib/pkgconfig
LD_LIBRARY_PATH=$work/inst/lib
export PATH PKG_CONFIG_PATH LD_LIBRARY_PATH
ok 'it is the one that is found' test "$(command -v fusescen)" = "$work/inst/bin/fusescen"
# As root of a namespace, if not otherwise.
apart='unshare --mount --propagation private'
[ "$(id -u)" = 0 ] || apart="$apart --user --map-root-user"

# break_it: one expectation is wrong now
break_it() { sed -i 's/is: 2/is: 3/' tests/errors.yaml; }
copy() { # copy DIR: the project, to work in
	cp -r "$work/inst/share/doc/fusescen/doc/examples/project" "$1" && cd "$1" || exit 99
	mkdir .out
}

if command -v autoreconf >/dev/null; then
	copy "$work/automake"
	as_is autoreconf -i
	ok 'automake: it is set up' gave 0
	as_is ./configure -q
	ok '... and configured' gave 0
	# shellcheck disable=SC2086
	as_is env -u MAKEFLAGS -u MAKELEVEL -u TESTS -u srcdir -u builddir $apart make check
	ok '... and passes' gave 0
	ok '... all three' grep -q '^# PASS:  *3$' test-suite.log
	break_it
	# shellcheck disable=SC2086
	as_is env -u MAKEFLAGS -u MAKELEVEL -u TESTS -u srcdir -u builddir $apart make check
	ok '... or fails' out_has '^FAIL: tests/errors.sh'
	ok '... with a report' grep -q 'actual: *2' tests/errors.log
	cd "$work" || exit 99
else
	skip 'automake' 'no autoreconf'
fi
if command -v meson >/dev/null && command -v ninja >/dev/null; then
	copy "$work/meson"
	as_is meson setup build
	ok 'meson: it is set up' gave 0
	# shellcheck disable=SC2086
	as_is $apart meson test -C build
	ok '... and passes' gave 0
	ok '... all three' out_has '^Ok: +3'
	break_it
	# shellcheck disable=SC2086
	as_is $apart meson test -C build
	ok '... or fails' out_has '^Fail: +1'
	cd "$work" || exit 99
else
	skip 'meson' 'no meson, or no ninja'
fi

# The manual has the project's text.
sed -n '/^In automake/,/^\.Ed/p' "$here/doc/fusescen.1" | sed '1,/^\.Bd/d; /^\./d' >recipe
ok 'the recipe of the manual is in it' test "$(grep -cxF -f recipe \
	"$here/doc/examples/project/Makefile.am")" = "$(wc -l <recipe)"
ok '... and there is one' test -s recipe
done_testing
