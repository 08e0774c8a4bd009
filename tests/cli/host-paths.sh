#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Paths of the host: `check` names them, and a scenario reaches none that was not
# allowed on the command line.
. "${srcdir:-.}/tests/cli/lib.sh"

mirror() { # mirror FILE DIR
	cat >"$1" <<-END
	# $1
	fusescen: 1
	mounts: {fs: {backing: {mirror: $2}}}
	actors: [app]
	steps:
	  - app: unlink("/precious") = 0
	END
}
backed() { # backed FILE PATH
	cat >"$1" <<-END
	# $1
	fusescen: 1
	needs: [passthrough]
	mounts:
	  fs:
	    init: [passthrough]
	    files: {/f: {size: 4K, open: [passthrough], backing: {host: $2}}}
	actors: [app]
	steps:
	  - app: fd = open("/f", O_RDWR)
	  - app: pwrite(fd, "mine", 0) = 4
	  - app: close(fd)
	END
}
kept() { [ "$(cat house/precious)" = gold ]; }

mkdir house other
echo gold >house/precious
ln -s ../house other/way
mirror m.yaml "$PWD/house"
mirror link.yaml "$PWD/other/way"
mirror up.yaml "$PWD/other/../house"
mirror proc.yaml /proc/sys/kernel
backed b.yaml "$PWD/house/precious"

fs check m.yaml
ok 'check tells of a mirror' out_is "m.yaml:3: asks for the path $PWD/house of the host\n"
fs check b.yaml
ok 'check tells of a backing file' out_has "^b.yaml:7: asks for the path $PWD/house/precious of the host$"

if ! can_run; then
	skip 'runs' 'nothing can run here'
	done_testing
	exit
fi
for file in m link up; do
	fs run $file.yaml
	ok "$file: it could not run" gave 99
	ok "$file: and says why" out_has "house.* is a path of the host, which nobody has allowed|way.* is a path of the host, which nobody has allowed"
	fs run --allow-host "$PWD/other" $file.yaml
	ok "$file: another directory is not meant" gave 99
done
ok 'nothing was touched' kept
for dir in / /proc; do
	fs run --allow-host $dir proc.yaml
	ok "/proc, with --allow-host $dir" gave 99
done
fs run b.yaml
if [ "$status" = 77 ]; then
	skip 'a backing file' "$(sed -n 's/^skip *//p' .out/out)"
else
	ok 'a backing file' gave 99
	ok 'nothing was written' kept
	fs run --allow-host "$PWD/house" b.yaml
	ok 'a backing file that is allowed' gave 0
	ok 'it was written' [ "$(cat house/precious)" = mine ]
fi
fs serve m.yaml other -- ls other
ok 'serve refuses what the scenario names' gave 99
printf '# rules\nfusescen: 1\nmounts: {fs: {backing: {mirror: house}}}\n' >s.yaml
mkdir mnt
fs serve s.yaml mnt -- ls mnt
ok 'serve refuses its own mirror' gave 99
fs serve --allow-host house s.yaml mnt -- ls mnt
ok 'and serves one that is allowed' out_is 'precious\n'
fs serve --backing house s.yaml mnt -- ls mnt
ok 'or that the caller names' out_is 'precious\n'
fs run --allow-host "$PWD/other" --allow-host house m.yaml
ok 'one of several is enough' gave 0
ok 'what is allowed can be lost' [ ! -e house/precious ]
done_testing
