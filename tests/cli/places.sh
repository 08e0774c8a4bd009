#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Places of all kinds: an ordinary user, with fusectl and without it, user namespaces,
# containers, a chroot, other people's pid 1, strace, valgrind.  In each of them a
# scenario passes, or cannot be run, with the true reason; none fails, and nothing is left.
top=$(cd "${srcdir:-.}" && pwd) || exit 99
. "$top/tests/cli/lib.sh"

if ! can_run; then
	echo '1..0 # SKIP nothing can run here: see fusescen doctor'
	exit
fi
chmod 755 .
mkdir -m 1777 tmp
TMPDIR=$work/tmp
export TMPDIR
proof_scenario proof.yaml
cat >abort.yaml <<'END'
# The connection is aborted while a call waits and a notification is blocked
fusescen: 1
mounts: {fs: {files: {/data: {size: 4K}}}}
rules: [{op: READ, hold: g}]
actors: [app, other]
steps:
  - app: fd = open("/data", O_RDONLY)
  - app: pread(fd, 4K, 0) ...
  - held: g
  - notify: {inval_inode: /data, off: 0, len: 4K, as: n}
  - blocked: n
  - abort: fs
  - app: ... = -1 ECONNABORTED|ENOTCONN|EIO
  - other: stat("/data") = -1 ENOTCONN|ECONNABORTED
END
cat >tmpfs.yaml <<'END'
# A server with files of its own
fusescen: 1
mounts: {fs: {backing: {tmpfs: 1M}, files: {/d/a: {data: "hello"}, /e/: {}}}}
actors: [app]
steps:
  - app: rename("/d/a", "/e/b") = 0
  - app: fd = open("/e/b", O_RDONLY)
  - app: read(fd, 9) = 5 "hello"
END
cp "$top/scenarios/files/ordinary-program.yaml" "$top/scenarios/writeback/"one*.yaml . 2>/dev/null
chmod 644 ./*.yaml
all=$(echo *.yaml)

is_gone() { ! grep -qsz "^FUSESCEN_MARK=$work\$" /proc/[0-9]*/environ; }
is_mounted() { grep -q "$work" /proc/self/mountinfo; }
left() { # left: what a place has left behind, within some seconds
	soon is_gone || echo "processes"
	! is_mounted || echo "mounts"
	ls tmp
}

# place TEXT SAYS COMMAND...: what run says there, of each file
place() {
	place=$1 says=$2
	shift 2
	if ! "$@" true 2>/dev/null; then
		skip "$place" 'there is no such place here'
		return
	fi
	if ! "$@" "$FUSESCEN" --version >.out/out 2>&1; then
		skip "$place" 'the program cannot be executed there'
		return
	fi
	rm -f log
	FUSESCEN_MARK=$work timeout 200 "$@" "$FUSESCEN" run --log log $all >.out/out 2>.out/err
	status=$?
	ok "$place: none fails" out_lacks '^(FAIL|fail|XPASS)'
	ok "$place: each ${says#^}" [ "$(grep -cE "$says" .out/out)" = "$(echo $all | wc -w)" ]
	ok "$place: nothing is left" [ -z "$(left)" ]
}

# ---- ways to get there: programs, so that timeout(1) can start them

root_only='[ "$(id -u)" = 0 ] || exit 1'
way() { # way NAME: the program is standard input
	{
		echo '#!/bin/sh'
		cat
	} >"$1"
	chmod 755 "$1"
}
# Nobody may not read what is root's.
drop='exec setpriv --reuid 65534 --regid 65534 --clear-groups'
device='mount -t tmpfs none /mnt && mknod -m 666 /mnt/fuse c 10 229 &&
	mount --bind /mnt/fuse /dev/fuse && umount -l /mnt || exit 1'
nothing_at() { # nothing_at DIRECTORY: nothing is mounted there
	echo "while umount -l $1 2>/dev/null; do :; done"
}
way nobody.ctl <<END
$root_only
[ "\$1" = inside ] || exec unshare -m "$work/nobody.ctl" inside "\$@"
shift
$device
$(nothing_at /sys/fs/fuse/connections)
mount -t fusectl none /sys/fs/fuse/connections || exit 1
$drop "\$@"
END
sed '/fusectl none/d' nobody.ctl | sed 's/nobody\.ctl/nobody/g' >nobody
# Parts of /proc are covered, so that nobody may mount another one.
sed 's/nobody\.ctl/nobody.container/g; s/^mount -t fusectl.*/mount -t tmpfs none \/proc\/scsi || mount -t tmpfs none \/proc\/sys || exit 1/' \
	nobody.ctl >nobody.container
# Nobody, and /dev/fuse is root's.
sed "s/nobody\\.ctl/nobody.shut/g; s/-m 666/-m 600/" nobody.ctl >nobody.shut
way no_device <<END
[ "\$1" = inside ] || exec unshare -Urm "$work/no_device" inside "\$@"
shift
mount -t tmpfs none /mnt && mkdir /mnt/dev && : >/mnt/dev/null &&
	mount --bind /dev/null /mnt/dev/null && mount --rbind /mnt/dev /dev || exit 1
exec "\$@"
END
way in_chroot <<END
$root_only
[ "\$1" = inside ] || exec unshare -m "$work/in_chroot" inside "\$@"
shift
mount --rbind / /mnt && mount --make-rprivate /mnt && umount -l /mnt/proc || exit 1
exec chroot /mnt sh -c 'cd "\$1" && shift && exec "\$@"' sh "$work" "\$@"
END
chmod 755 nobody*

passes='^pass '
if [ "$(id -u)" = 0 ]; then
	chown 65534 .
	place 'an ordinary user, without fusectl' "$passes" ./nobody
	ok '... and the log says how a connection was ended' grep -qE \
		'fs: (aborted by umount2.MNT_FORCE.|the device is closed), as there is no fusectl' log
	place 'an ordinary user, with fusectl' "$passes" ./nobody.ctl
	ok '... and the log says nothing else' grep -q 'fs: aborted"' log
	place 'an ordinary user, where /proc is covered' "$passes" ./nobody.container
	place 'an ordinary user who may not open the device' \
		'^skip .*no permission to open /dev/fuse' ./nobody.shut
	chown 0 .
fi
place 'root of a user namespace' "$passes" unshare -Urm
place 'root of a user namespace, with its own pids' "$passes" unshare -Urmpf --mount-proc
place 'a container without the device' '^skip .*no /dev/fuse' ./no_device
place 'pid 1' "$passes" unshare -Urpf --mount-proc --kill-child
place 'a chroot without /proc' '^(pass |skip .*/proc)' ./in_chroot
place 'under strace' "$passes" strace -f -o /dev/null
place 'under valgrind' '^(pass |error .*no pidfd_open.*valgrind)' valgrind -q
place 'under nohup and nice' "$passes" nice nohup
done_testing
