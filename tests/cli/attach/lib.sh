# SPDX-License-Identifier: GPL-2.0-or-later
# For tests of "fusescen attach", which source this file: each server has a mount
# namespace of its own.
. "${srcdir:-.}/tests/cli/lib.sh"

here=$(cd "${srcdir:-.}" && pwd)
lib=${builddir:-.}/lib
case $lib in /*) ;; *) lib=$here/../../$lib ;; esac
if ! can_run; then
	echo '1..0 # SKIP nothing can run here: see fusescen doctor'
	exit
fi
if [ ! -e "$lib/.libs/libfusescen.so" ]; then
	echo '1..0 # SKIP no shared library, which is loaded into servers'
	exit
fi
# Without libtool, nobody has built it.
[ -e "$lib/.libs/attach.so" ] ||
	${CC:-cc} -shared -fPIC -std=gnu11 -fvisibility=hidden -iquote "$here/lib" \
		-o "$lib/attach.so" "$here/lib/preload/preload.c" || exit 99

# As root of a namespace, if not otherwise.
apart='unshare --mount --propagation private'
[ "$(id -u)" = 0 ] || apart="$apart --user --map-root-user"
mkdir mnt

# Uses mnt once something is mounted there, and unmounts it.
cat >use.sh <<'END'
mounted() { grep -q " $PWD/mnt .* fuse" /proc/self/mountinfo; }
for i in $(seq 100); do
	mounted && break
	sleep 0.1
done
name=hello
[ ! -e mnt/a ] || name=a
cat "mnt/$name"
cat "mnt/$name"
before=$(date +%s%N)
cat "mnt/$name"
echo $((($(date +%s%N) - before) / 100000000)) >late
umount mnt
END
# The file system of the server is its own, so it says itself what is left.
cat >apart.sh <<'END'
use=$1
shift
[ -z "$use" ] || sh "$use" &
"$@"
status=$?
wait
! grep " $PWD/mnt " /proc/self/mountinfo >left
exit $status
END
with() { # with USE COMMAND...: while it runs, USE does
	# shellcheck disable=SC2086
	timeout 120 $apart sh apart.sh "$@" >.out/out 2>.out/err
	status=$?
}
attach() { # attach [OPTION...] FILE SERVER...
	options=
	while [ "${1#-}" != "$1" ]; do
		options="$options $1"
		shift
	done
	file=$1
	shift
	# shellcheck disable=SC2086
	with '' "$FUSESCEN" attach $options "$file" -- "$@"
}
attached() { # the same, and mnt is used
	file=$1
	shift
	with use.sh "$FUSESCEN" attach "$file" -- "$@"
}
is_unmounted() { [ ! -s left ]; }
