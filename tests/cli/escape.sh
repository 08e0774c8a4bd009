#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Scenarios that try to get out, each of which passes if it was stopped where it says:
# links to files of the host, devices of its disk, its shell, the root of the
# clients.  What no call of the language can try (signals, sockets, ptrace, bpf), is
# tried by tests/unit/test_confine.c.
. "${srcdir:-.}/tests/cli/lib.sh"

if ! can_run; then
	echo '1..0 # SKIP nothing can run here'
	exit 77
fi

stops() { # stops TEXT CALL...
	text=$1
	shift
	{
		echo '# escape'
		echo 'fusescen: 1'
		echo 'mounts: {fs: {}}'
		echo 'actors: [app]'
		echo 'steps:'
		for call; do echo "  - app: $call"; done
	} >escape.yaml
	fs run escape.yaml
	if [ "$status" = 77 ]; then
		skip "$text" "$(sed -n 's/^skip *//p' .out/out)"
	else
		ok "$text" gave 0
	fi
}

not_in() { ! grep -qxF "$2" "$1"; }

for target in "$work/gold" "../../../../../..$work/gold" "/proc/1/root$work/gold" \
	"/proc/self/root$work/gold" /etc/passwd /proc/sysrq-trigger; do
	echo gold >"$work/gold"
	stops "a link to ${target#"$work"}" "symlink(\"$target\", \"/l\") = 0" \
		'open("/l", O_RDONLY) = -1 ENOENT' \
		'open("/l", O_WRONLY) = -1 ENOENT'
done
stops 'a shell' 'symlink("/bin/sh", "/l") = 0' 'exec("/l") = -1 ENOENT'
stops 'a disk' 'mknod("/d", 0060644, 2048) = 0 or -1 EPERM' \
	'open("/d", O_RDONLY) = -1 EACCES|ENOENT'
stops 'memory, above the mount' 'symlink("/", "/l") = 0' \
	'mknod("/l/d", 0020644, 257) = 0 or -1 EPERM' \
	'open("/l/d", O_RDWR) = -1 EACCES|ENOENT'
stops 'a handle of what is above the mount' 'symlink("/", "/l") = 0' \
	'h = name_to_handle("/l/.") = ?' 'open_by_handle("/l", h, O_RDONLY) = ?' \
	"stat(\"/l$work/gold\") = -1 ENOENT"
stops 'the root, unmounted' 'symlink("/", "/l") = 0' 'umount("/l", MNT_DETACH) = ?' \
	"stat(\"/l$work/gold\") = -1 ENOENT|ENOTCONN"
stops 'a directory above the mount' 'symlink("/", "/l") = 0' \
	'mkdir("/l/planted") = 0'
ok 'which is nowhere' [ ! -e /planted ]

# Somebody moves a directory away that the server holds: from then on what is in it
# is outside, and only the kernel can tell.
fs doctor
if out_has 'Landlock: yes'; then
	mkdir mnt dir outside
	echo '{fusescen: 1, mounts: {fs: {}}}' >plain.yaml
	cat >move <<'END'
#!/bin/sh
# move BACK: a client whose working directory is moved out of the server's, and back
# again if BACK is "back"
mkdir dir/sub && echo silver >dir/sub/file && cd mnt/sub && cat file || exit 3
mv ../../dir/sub ../../outside/sub && echo gold >../../outside/sub/secret
[ "$1" != back ] || mv ../../outside/sub ../../dir/sub
cat secret
END
	sed "s|\.\./\.\./|$work/|g" move >moved
	for how in away back; do
		rm -rf outside/sub dir/sub
		fs serve --backing dir plain.yaml mnt -- sh ./moved $how
		ok "moved $how: read before" out_has silver
		if [ $how = away ]; then
			ok "moved $how: no file outside is opened" out_lacks gold
			ok '... as it may not be' err_has 'Permission denied'
		else
			ok "moved $how: and afterwards" out_has gold
		fi
	done
else
	skip 'the files of the server' 'no Landlock here'
fi

# Where the processes of two runs are, while a call of each waits.
cat >slow.yaml <<'END'
fusescen: 1
mounts: {fs: {files: {/data: {size: 4K, open: [direct_io]}}}}
rules: [{op: READ, delay: 3s}]
actors: [app]
steps:
  - app: fd = open("/data", O_RDONLY)
  - app: read(fd, 4K) = 4K
END
places() { # places NAMESPACE: of the youngest process of each run
	for pid in $(pgrep -P $runner); do
		while child=$(pgrep -P "$pid" | head -n 1) && [ -n "$child" ]; do
			pid=$child
		done
		readlink "/proc/$pid/ns/$1"
	done
}
fs doctor
if [ "$(grep -c '^sandbox .*namespace: yes' .out/out)" = 2 ] && command -v pgrep >.out/err; then
	"$FUSESCEN" run --jobs 2 slow.yaml slow.yaml >.out/out 2>.out/err &
	runner=$!
	tries=0
	until [ "$(pgrep -P $runner | wc -l)" = 2 ] || [ $tries = 50 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	sleep 0.5
	for ns in mnt pid net; do
		places $ns >.out/$ns
		ok "two runs, their $ns" [ "$(wc -l <.out/$ns)" = 2 ]
		ok '... is not ours' not_in .out/$ns "$(readlink /proc/self/ns/$ns)"
	done
	ok 'each has mounts of its own' [ "$(sort -u .out/mnt | wc -l)" = 2 ]
	ok 'each has processes of its own' [ "$(sort -u .out/pid | wc -l)" = 2 ]
	# Others than root make one for each run.
	[ "$(id -u)" != 0 ] ||
		ok 'both have the same nothing for a network' [ "$(sort -u .out/net | wc -l)" = 1 ]
	wait $runner
else
	skip 'where runs are' 'no namespaces for pids and network, or no pgrep'
fi
ok 'and all is as it was' [ "$(cat gold)" = gold ]
done_testing
