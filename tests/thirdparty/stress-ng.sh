#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# stress-ng's filesystem class with its own verification: all stressors at once, or,
# with THOROUGH, one after the other.  Left out are stressors for other filesystems
# or for the whole machine; dnotify, which fails if a busy machine takes longer than
# half a second; and seek, which is told of holes where data is
# (doc/kernel-findings.md, 14).  chown takes EPERM for an answer, but the mount of an
# ordinary user, whose namespace has no other users, says EINVAL.
. "${srcdir:-.}/tests/thirdparty/lib.sh"
needs stress-ng
roots=
[ "$(id -u)" = 0 ] || roots='|chown'

class() {
	stress-ng --class 'filesystem?' 2>&1 |
		sed -n "s/^class 'filesystem' stressors: //p" | tr ' ' '\n' |
		grep -vxE 'bind-mount|binderfs|eventfd|procfs|dup|ioprio|inode-flags|fanotify|verity|dnotify|seek'"$roots"
}
[ -n "$(class)" ] || { echo '1..0 # SKIP stress-ng does not tell its classes'; exit; }
if [ -n "${THOROUGH:-}" ]; then
	for one in $(class); do
		everywhere "stress-ng: $one" stress-ng --$one 2 --timeout 3 --verify \
			--temp-path mnt --hdd-bytes 8m --iomix-bytes 8m
	done
else
	set --
	for one in $(class); do set -- "$@" --$one 1; done
	everywhere 'stress-ng' stress-ng "$@" --timeout 1 --verify --temp-path mnt \
		--hdd-bytes 2m --iomix-bytes 2m --fallocate-bytes 2m
fi
done_testing
