#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A file of lib/ includes its own folder or a lower floor, nothing else, and there
# is no circle of modules (X.c and X.h together) or of folders; yaml.h
# is for load/yaml/, fuse_lowlevel.h for transport/fuselib.h; the CLI sees only fusescen.h and
# base/.
cd "$srcdir" || exit 99
echo 1..5
floor() {
	case $1 in
	base) echo 0 ;; wire) echo 1 ;; model) echo 2 ;; load | engine) echo 3 ;;
	transport) echo 4 ;; backend) echo 5 ;; server | attach | act | report | trace) echo 6 ;;
	run) echo 7 ;; *) echo 9 ;;
	esac
}
upward=$(find lib -mindepth 2 -name '*.[ch]' -exec grep -Hn '^#include "' {} + | sed 's/^lib\///' |
	while IFS=: read -r file line text; do
		from=${file%%/*} to=${text#*\"} to=${to%\"*}
		case $to in config.h | fusescen.h) continue ;; esac
		to=${to%%/*}
		[ "$from" = "$to" ] && continue
		[ "$(floor "$to")" -lt "$(floor "$from")" ] ||
			echo "lib/$file:$line includes $text"
	done)
result() { # result N TEXT BAD
	[ -z "$3" ] && echo "ok $1 - $2" && return
	echo "not ok $1 - $2"
	echo "$3" | sed 's/^/# /'
}
result 1 'includes go down' "$upward"
result 2 'yaml.h, fuse_lowlevel.h and libbpf where they belong' "$(
	grep -ln '<yaml.h>' -r lib --include='*.[ch]' | grep -v '^lib/load/yaml/'
	grep -ln '<yaml.h>' -r fusescen --include='*.[ch]' | grep -v '^fusescen/bench/source\.h'
	grep -lE '<bpf/' -r lib fusescen --include='*.[ch]' | grep -v '^lib/trace/'
	grep -ln '<fuse_lowlevel.h>' -r lib --include='*.[ch]' | grep -v '^lib/transport/fuselib\.h')"
result 3 'the CLI sees only fusescen.h and base/' "$(find fusescen -name '*.[ch]' -exec grep -Hn '^#include "' {} + |
	grep -vE '"(config|fusescen)\.h"|"(base|fusescen)/')"

# circles SED: what tsort says of the includes, each a line "from to" of paths
# that SED shortens: the members of every circle.
circles() {
	find lib -name '*.[ch]' -exec grep -H '^#include "[^"]*/' {} + |
		sed 's/^lib\///; s/:#include "/ /; s/"$//' | sed "$1" |
		awk '$1 != $2' | tsort 2>&1 >/dev/null
}
result 4 'no circle of modules' "$(circles 's/\.[ch]\( \|$\)/\1/g')"
result 5 'no circle of folders' "$(circles 's/\/[^\/ ]*\( \|$\)/\1/g')"
