#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What fusescen-tutorial(7) makes of a log, step by step, is what comes out.
. "${srcdir:-.}/tests/cli/lib.sh"
case ${srcdir:-.} in /*) page=$srcdir ;; *) page=$OLDPWD/${srcdir:-.} ;; esac
page=$page/doc/fusescen-tutorial.7

# block N: the section's Nth block, as a reader sees it
block() {
	awk -v want="$1" '
		/^\.Sh/ { on = /ONLY A LOG/ }
		on && /^\.Bd -literal -compact/ { n++; inside = 1; next }
		/^\.Ed/ { inside = 0 }
		inside && n == want { gsub(/\\&/, ""); gsub(/\\e/, "\\"); print }
	' "$page"
}
block 1 >notes.log
block 2 >imported.yaml
block 3 >with-the-server.yaml
block 4 >minimized.yaml
ok 'the section has a log' grep -q '^4711 openat' notes.log

fs import --under /mnt -o notes.yaml notes.log
ok 'import' gave 0
ok 'import: the line' err_has '^fusescen: notes.log: 9 calls of 11, 0 left out, 0 guesses$'
ok 'import: the scenario' cmp -s imported.yaml notes.yaml

if can_run; then
	fs run notes.yaml
	ok 'on a good filesystem it fails' gave 1
	ok '... at the last read' out_has 'actual: +read\(fd, 4096\) = 4 "one'
	fs run with-the-server.yaml
	ok 'with the server it passes' gave 0
	sed 's/read(fd, 4096) = 14$/read(fd, 4096) = 4 "one\\n"/' with-the-server.yaml >notes.yaml
	fs run notes.yaml
	ok 'with what is right it fails' gave 1
	fs minimize -o bug.yaml notes.yaml
	ok 'minimize' gave 0
	ok 'minimize: the scenario' cmp -s minimized.yaml bug.yaml
	fs run bug.yaml
	ok 'what is left fails' gave 1
else
	skip 'the rest' 'no scenario can be run here'
fi
done_testing
