#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# git on a mount commits, clones, merges and packs.  When the disk is full it says so,
# and the repository is intact.
. "${srcdir:-.}/tests/thirdparty/lib.sh"
needs git

HOME=$work
GIT_CONFIG_NOSYSTEM=1
GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
export HOME GIT_CONFIG_NOSYSTEM GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL \
	GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL
git config --global init.defaultBranch main
git config --global core.fsync all
git config --global gc.auto 0

cat >work.sh <<END
set -e
cd mnt
git init -q one
cd one
for i in \$(seq $(size 12 1000)); do seq \$i 200 >file\$i; done
git add . && git commit -qm first
git checkout -qb side && seq 100 >>file1 && git commit -qam side
git checkout -q main && seq 50 >>file2 && git commit -qam main
git merge -q -m merge side
git gc -q --prune=now
cd ..
git clone -q --no-local one two
diff -r -x .git one two
git -C two fsck --strict --no-dangling
git -C two mv file3 dir4 && test -z "\$(git -C two status --short | grep -v ^R)"
END
everywhere 'git' sh work.sh

# One commit after the other, until there is no room
cat >full.sh <<'END'
git init -q mnt/r || exit 2
for i in $(seq 30); do
	seq "$i" 500 >mnt/r/file 2>>errors && git -C mnt/r add file 2>>errors &&
		git -C mnt/r commit -qm "$i" 2>>errors &&
		git -C mnt/r rev-parse HEAD >>commits
done
test -s errors && test -s commits || exit 3
"$FUSESCEN" ctl sock disable full >/dev/null 2>&1
rm -f mnt/r/.git/*.lock mnt/r/.git/refs/heads/*.lock
git -C mnt/r fsck --no-dangling >&2 || exit 4
while read -r commit; do
	git -C mnt/r cat-file -p "$commit:file" >/dev/null || exit 5
done <commits
cat errors
END
for kept in memory mirror; do
	for how in full fsync; do
		rm -f errors commits
		on $kept "$here/$how.yaml" sh full.sh
		ok "git: $kept, $how: the repository is whole" gave 0
		ok '... git says why' out_has 'No space left|Input/output error'
	done
done
done_testing
