#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The tarball holds what git holds, byte for byte, and what is generated: the
# scripts of autotools, and the pages that are made of tables and scenarios.
cd "$srcdir" || exit 99
LC_ALL=C
export LC_ALL
skip() {
	echo 1..1
	echo "ok 1 - the tarball # SKIP $1"
	exit
}
git -C . rev-parse --verify -q HEAD >/dev/null 2>&1 &&
	[ "$(git rev-parse --show-prefix)" = '' ] || skip 'not a checkout of git'
[ -e "$builddir/Makefile" ] || skip 'not built by automake'
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
echo 1..3

# What is generated: no more than this may be in the tarball beside the files of
# git, and all of it has to be.
generated='
Makefile.in
aclocal.m4
build-aux/ar-lib
build-aux/compile
build-aux/config.guess
build-aux/config.sub
build-aux/depcomp
build-aux/install-sh
build-aux/ltmain.sh
build-aux/missing
build-aux/tap-driver.sh
config.h.in
configure
doc/coverage.md
doc/fusescen-protocol.7
doc/scenarios.md
m4/libtool.m4
m4/ltoptions.m4
m4/ltsugar.m4
m4/ltversion.m4
m4/lt~obsolete.m4
'

# hashes DIR: of the files that standard input names, "HASH NAME"
hashes() {
	sort >"$dir/names"
	(cd "$1" && git hash-object --no-filters --stdin-paths <"$dir/names") |
		paste -d ' ' - "$dir/names"
}

# compare GIT TARBALL: what differs between two lists "HASH NAME"
compare() {
	sort -k 2 "$1" >"$dir/a"
	sort -k 2 "$2" >"$dir/b"
	join -j 2 -a 1 -a 2 -e - -o 0,1.1,2.1 "$dir/a" "$dir/b" | awk -v known="$generated" '
		BEGIN { split(known, names, "\n"); for (i in names) generated[names[i]] }
		$3 == "-" { print $1 ": not in the tarball"; next }
		$2 == "-" && !($1 in generated) { print $1 ": not in git"; next }
		$2 != "-" && $2 != $3 { print $1 ": not the same in the tarball" }
		$2 != "-" && $1 in generated { print $1 ": generated, and in git" }
		{ delete generated[$1] }
		END { for (name in generated) if (name != "") print name ": not generated" }' | sort
}

result() { # result N TEXT BAD
	[ -z "$3" ] && echo "ok $1 - $2" && return
	echo "not ok $1 - $2"
	echo "$3" | sed 's/^/# /'
}

if env -u MAKEFLAGS -u MAKELEVEL make -s -C "$builddir" distdir \
	distdir="$dir/tarball" >"$dir/log" 2>&1; then
	result 1 'make distdir' ''
else
	result 1 'make distdir' "$(cat "$dir/log")"
fi
# What git holds is what is in its index: a file that was removed and not yet
# committed is not there.
git ls-files | while read -r name; do
	[ ! -e "$name" ] || echo "$name"
done | hashes . >"$dir/git"
(cd "$dir/tarball" && find . -type f | sed 's/^\.\///') | hashes "$dir/tarball" >"$dir/dist"
result 2 'the tarball holds what git holds' "$(compare "$dir/git" "$dir/dist")"

# That it can say no.
{
	sed -e '/ README\.md$/d' -e 's/^.* \(lib\/fusescen.h\)$/0 \1/' -e '/ configure$/d' "$dir/dist"
	echo 0 lib/other.m4
} >"$dir/other"
sed -n "/m4\/libtool.m4/p" "$dir/dist" >>"$dir/git"
compare "$dir/git" "$dir/other" >"$dir/said"
result 3 'a lost, a changed and an additional file are found' "$(diff - "$dir/said" <<'END'
README.md: not in the tarball
configure: not generated
lib/fusescen.h: not the same in the tarball
lib/other.m4: not in git
m4/libtool.m4: generated, and in git
END
)"
