#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen mutate: which mutants are chosen, what is said of them, and that it goes on
# where it was.  No kernel is booted: a script stands in for qemu.
. "${srcdir:-.}/tests/cli/lib.sh"
. "${srcdir:-.}/tests/cli/qemu/lib.sh"

mkdir -p cache/kernels/mutated cache/kernels/sane
for kernel in mutated sane; do
	echo 'no kernel' >cache/kernels/$kernel/vmlinuz
	echo 7.2.1-$kernel >cache/kernels/$kernel/release
done
FUSESCEN_CACHE=$work/cache
export FUSESCEN_CACHE

# row NUMBER ID FILE LINE FUNCTION OPERATOR WHAT TEXT
row() { printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$@"; }
{
	row 1 aaa fs/fuse/dir.c 10 fuse_lookup never 'x < 1' 'if (x < 1)'
	row 2 bbb fs/fuse/dir.c 20 fuse_mkdir call 'wake(y)' 'wake(y);'
	row 3 ccc fs/fuse/file.c 30 fuse_open always z 'if (z)'
	row 5 ddd fs/fuse/file.c 31 fuse_open errno -EIO 'return -EIO;'
	row 9 eee fs/fuse/poll.c 40 fuse_poll return return '{'
} >cache/kernels/mutated/mutants

scenario a.yaml 0
scenario b.yaml 0

mutate() { fs mutate --kernel mutated "$@" a.yaml b.yaml; }

# both [VERDICT]: what both machines of a measurement do: a.yaml, which has that verdict
# (0: pass), reaches 1, 2 and 3, b.yaml 3 and 5.
both() {
	export a_is=${1:-0}
	machine <<-'END'
	hello
	if [ $boot = 1 ]; then
		start 0; done_ 0 0 '' "$a_is 12 1 2 3 "
		start 1; done_ 1 0 '' '0 15 3 5 '
		bye
	else
		start 0; done_ 0 0 '' 'killed 0.0 3 40 1 step 1 (line 5): no'
		start 1; done_ 1 0 '' 'survived 1 1 20'
		start 2; done_ 2 0 '' 'survived 2 2 30'
		start 3; done_ 3 0 '' 'killed 1.0 3 50 1 step 1 (line 5): no'
		bye
	fi
	cat >/dev/null <&4
	END
}

both
mutate
ok 'what survives, and what nothing reaches' gave 1
ok 'a survivor, with its place' out_has '^fs/fuse/dir.c:20: fuse_mkdir  \[bbb\]'
ok 'and the line' out_has '^    wake\(y\);'
ok 'and the cases that reach it' out_has '^    not noticed by 1 of 1 cases that reach it:'
ok 'by name' out_has '^        a.yaml'
ok 'not reached' out_has '^fs/fuse/poll.c:40'
ok 'counts of a file' out_has '^fs/fuse/dir.c +1 +1 +0 +50 %'
ok 'and of all' out_has '^all +2 +2 +1 +40 %'

both 5
mutate
ok 'a pass that is not expected can be lost as well' out_has '^all +2 +2 +1 +40 %'
both 1
mutate --only dir.c:fuse_mkdir
ok 'a failure cannot' out_has '^all +0 +0 +1 '

both
mutate --only poll.c --only dir.c:fuse_mk*
ok 'only these' out_has '^mutated: 2 of 5 mutants; 2 cases'
mutate --only nothing.c
ok 'none is there' err_has 'only nothing.c: no mutant is there'
ok 'which is an error' gave 99
printf 'bbb because\nccc why not\nzzz of another kernel\n' >equivalents
both
mutate --equivalents equivalents --only poll.c --only dir.c:fuse_mkdir
ok 'without those that change nothing' out_has '1 of 5 mutants, without 2 that are said'
echo bbb >equivalents
mutate --equivalents equivalents
ok 'a reason has to be there' err_has 'equivalents:1: not an id and a reason'

cat >patch <<'END'
--- a/fs/fuse/file.c
+++ b/fs/fuse/file.c
@@ -28,3 +28,4 @@ static int fuse_open(void)
 one
 two
+	if (z)
 three
END
both
mutate --diff patch
ok 'the lines that a patch touches' out_has '^mutated: 1 of 5 mutants'
sed 's/file.c/none.c/' patch >other
mutate --diff other
ok 'no mutant is in them' err_has 'other: no mutant is in the lines'

both
mutate --sample 2 --seed 7
ok 'a sample' out_has '^mutated: 2 of 5 mutants'
cp .out/out first
both
mutate --sample 2 --seed 7
ok 'is the same for the same seed' cmp -s first .out/out

both
mkdir -p cache/kernels/mutated/source/fs/fuse
i=0
while [ $i -lt 45 ]; do
	i=$((i + 1))
	echo "line $i <of> it"
done >cache/kernels/mutated/source/fs/fuse/dir.c
cp cache/kernels/mutated/source/fs/fuse/dir.c cache/kernels/mutated/source/fs/fuse/file.c
mutate --html page.html
ok 'a page needs all sources' gave 99
cp cache/kernels/mutated/source/fs/fuse/dir.c cache/kernels/mutated/source/fs/fuse/poll.c
both
mutate --html page.html
ok 'a line that is killed' grep -q '^<details class="killed">.*line 10 &lt;of' page.html
ok 'one that survives' grep -q '^<details class="survived">.*line 20 ' page.html
ok 'one that is not reached' grep -q '^<details class="not-reached">.*line 40 ' page.html
ok 'one without' grep -q '^<div>.*line 11 ' page.html
! command -v xmllint >/dev/null ||
	ok 'it is HTML' xmllint --html --noout page.html

both
mutate --results results --json all.json
ok 'two machines' booted 2
mutate --results results --json again.json
ok 'nothing is left to do' booted 2
ok 'and it is known what was found' cmp -s all.json again.json
ok 'JSON is whole' python3 -c 'import json; json.load(open("all.json"))'
printf '{"mutant":"ccc","res' >>results
mutate --results results
ok 'a line that was cut does not matter' booted 2
echo '# more' >>b.yaml
machine <<'END'
hello
if [ $boot = 1 ]; then
	start 0; done_ 0 0 '' '0 15 3 5 9 '
else
	start 0; done_ 0 0 '' 'killed 1.0 3 40 1 step 1 (line 5): no'
	start 1; done_ 1 0 '' 'killed 1.0 3 40 1 step 1 (line 5): no'
fi
bye
cat >/dev/null <&4
END
mutate --results results
ok 'a file that has changed runs again, and so do the survivors that it reaches' booted 2
ok 'and kills them' out_has '^all +4 +1 +0 +80 %'
fs mutate --kernel sane --results results a.yaml
ok 'a kernel without mutants' err_has 'sane: this kernel has no mutants in it'
sed -i s/aaa/abc/ cache/kernels/mutated/mutants
mutate --results results
ok 'results of another table' err_has 'results: is not about the mutants of kernel mutated'

# A machine that is damaged does nothing more, and the mutant is tried alone.
machine <<'END'
hello
case $boot in
1) start 0; done_ 0 0 '' '0 12 1 2 3 '; start 1; done_ 1 0 '' '0 15 '; bye ;;
2) start 0; done_ 0 0 '' 'dirty 0.0 2 30'; start 1 ;;
3) start 1; done_ 1 0 '' 'stuck 0.0 1 20'; start 2 ;;
4) start 2 ;;
5) start 0; done_ 0 0 '' 'dirty 0.0 2 30'; bye ;;
6) start 0; done_ 0 0 '' 'survived 1 1 20'; bye ;;
esac
[ $boot != 4 ] || { say 'BUG: unable to handle page fault'; exit; }
cat >/dev/null <&4
END
mutate
ok 'a damaged machine is replaced' booted 6
ok 'what damages a new one, or kills it, is a kill, and to be slow once is none' \
	out_has '^all +2 +1 +2 '

fs run --kernel 7.2 --list a.yaml
ok 'a version means a sane kernel' gave 0
rm -r cache/kernels/sane
fs run --kernel 7.2 --list a.yaml
ok 'and none with mutants' err_has 'no kernel "7.2"'
done_testing
