#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen-review without compiler and machines: stand-ins build kernels, run scenarios
# and try mutants.  What it makes of patches, mails and ranges is real, and so is the
# report.
. "${srcdir:-.}/tests/cli/lib.sh"

for tool in bash git patch python3; do
	command -v $tool >/dev/null || { echo "1..0 # SKIP no $tool"; exit 0; }
done
FUSESCEN_CACHE=$work/cache
at=$work
export FUSESCEN_CACHE at
unset GIT_DIR

# The script with its real parts, and with a stand-in for fusescen-kernels.
mkdir t
cp "$srcdir/tools/review" t/review
cp -R "$srcdir/tools/kernels.d" t/kernels.d
cat >t/kernels <<'END'
echo "kernels $*" >>"$at/calls"
name=$2
dir=$FUSESCEN_CACHE/kernels/$name
patch=
while [ $# -gt 0 ]; do
	case $1 in --patch) patch=$2; cp "$2" "$at/$name.patch" ;; esac
	shift
done
if [ -n "$patch" ] && grep -q '^+.*no such word' "$patch"; then
	echo 'fs/fuse/file.c:3:1: error: unknown type name "no"' >&2
	exit 99
fi
mkdir -p "$dir"
echo "7.2.13-$name" >"$dir/release"
END
cat >fake-fusescen <<'END'
#!/bin/sh
echo "fusescen $*" >>"$at/calls"
case $1 in
--version) echo 'fusescen 0.0' ;;
check) [ ! -e "$at/bad-scenario" ] || { echo 'a.yaml:1: error: bad' >&2; exit 99; } ;;
matrix)
	[ ! -e "$at/slow" ] || { echo $$ >"$at/slow.pid"; sleep 60; }
	n=$(cat "$at/matrices" 2>/dev/null || echo 0)
	echo $((n + 1)) >"$at/matrices"
	while [ "$1" != --json ]; do shift; done
	if [ "$n" = 0 ]; then cp "$at/matrix.json" "$2"; else cp "$at/again.json" "$2"; fi
	exit 1 ;;
mutate)
	while [ "$1" != --json ]; do shift; done
	cp "$at/mutants.json" "$2"
	exit 1 ;;
esac
END
chmod +x fake-fusescen

# row CASE BEFORE AFTER [TEXT]
row() {
	printf '{"file":"s/a.yaml","case":"%s","title":"What %s shows","cells":{' "$1" "$1"
	printf '"review-base":{"verdict":"%s","text":"%s"},' "$2" "${4:-}"
	printf '"review-patched":{"verdict":"%s","text":"%s"}}}' "$3" "${4:-}"
}
matrix() { # matrix FILE ROW...
	file=$1
	shift
	{
		printf '{"rows":['
		sep=
		for r; do printf '%s%s' "$sep" "$r"; sep=,; done
		echo ']}'
	} >"$file"
}
nothing_differs() { matrix matrix.json "$(row one pass pass)"; cp matrix.json again.json; }
long=$(printf '%0100d' 7)
mutant() { # mutant RESULT LINE
	printf '{"id":"x","file":"fs/fuse/file.c","line":%d,"function":"f","operator":"never",' "$2"
	printf '"what":"n < 3","text":"if (n < 3)","result":"%s","by":null,"tried":4}' "$1"
}
printf '{"mutants":[%s,%s,%s,%s]}\n' "$(mutant killed 1)" "$(mutant killed 2)" \
	"$(mutant survived 3)" "$(mutant 'not reached' 4)" >mutants.json

# A "kernel tree" in git.
mkdir -p tree/fs/fuse tree/fs/ext4
: >tree/Makefile
: >tree/fs/fuse/inode.c
printf 'one\ntwo\nthree\n' >tree/fs/fuse/file.c
echo ext4 >tree/fs/ext4/a.c
g() { git -C tree -c user.name=A -c user.email=a@example.org -c commit.gpgsign=false "$@"; }
g init -q .
g add . && g commit -qm base
mkdir s
cp "$srcdir/tests/run/"*.yaml s/ 2>/dev/null
commit() { # commit TITLE SED FILE: one more commit in the tree
	sed "$2" "tree/$3" >new && cat new >"tree/$3"
	g commit -qam "$1"
}
commit 'fuse: two becomes 2' 's/two/2/' fs/fuse/file.c
commit 'fuse: three becomes 3' 's/three/3/' fs/fuse/file.c
g format-patch -q --cover-letter --stdout HEAD~2 >series.mbox
g diff HEAD~2 >whole.diff
g diff HEAD~1 >second.diff
head=$(g rev-parse HEAD)
commit 'ext4: another' 's/ext4/xfs/' fs/ext4/a.c
g diff HEAD~1 >elsewhere.diff
g reset -q --hard HEAD~3

review() { # review ARGUMENT...
	rm -f calls matrices
	FUSESCEN=$work/fake-fusescen timeout 100 bash t/review "$@" >.out/out 2>.out/err </dev/null
	status=$?
}
r() { review "$@" --source tree --only s; }
nothing_left() { [ -z "$(ls -a cache/kernels | grep '^\.new')" ]; }
lines_fit() { ! grep -E '.{73}' .out/out; }
called() { [ "$(grep -c "$1" calls)" = "$2" ]; }

nothing_differs
r series.mbox
ok 'a mailbox: nothing differs' gave 0
ok 'a mailbox: its titles' out_has '^\[PATCH 2/2\] fuse: three becomes 3$'
ok 'a mailbox: the cover letter is no patch' out_lacks 'PATCH 0/2'
ok 'a mailbox: no difference' out_has '^No case differs\.$'
ok 'what the series does as a whole' [ "$(grep -c '^@@' review-patched.patch)" = 1 ]
ok 'the release' out_has 'tree \(7\.2\.13\), with fusescen 0\.0'
ok 'defects: how many are noticed' out_has '^Of 4 small defects .* notice'
ok 'defects: what survives' out_has '^  fs/fuse/file\.c:3: f$'
ok 'defects: by the lines of the patch' called 'mutate --kernel review-mutants --diff' 1
ok 'defects: only in the files it touches' grep -q 'kernels mutate.* fs/fuse/file.c$' calls
ok 'times' out_has '^Time: building [0-9]+ s, running [0-9]+ s'
ok 'nothing is looked at again' called 'fusescen matrix' 1
ok 'nothing is left' nothing_left

r whole.diff --no-mutants --html page.html
ok 'a diff' gave 0
ok 'no mutants' called '^fusescen mutate' 0
ok "a page" grep -q "No case differs" page.html
r - <whole.diff
ok 'an empty standard input' err_has 'no patch in it'

# --- What differs ---
matrix matrix.json "$(row worse pass fail "  app $long")" "$(row better xfail xpass)" \
	"$(row chance pass fail)" "$(row same xfail xfail)"
matrix again.json "$(row worse pass fail)" "$(row better xfail xpass)" \
	"$(row chance pass pass)" "$(row same xfail xfail)"
r whole.diff --html page.html
ok 'worse: status' gave 1
ok 'worse: the case' out_has '^PASSES NO MORE: 1$'
ok 'worse: what it shows' out_has '^    What worse shows$'
ok 'better' out_has '^Passes now: 1$'
ok 'what differs is looked at again' called 'fusescen matrix' 4
ok 'chance is no difference' out_has '^Differs only at times: 1$'
ok 'what is the same is not told' out_lacks 'What same shows'
ok 'it fits into a mail' lines_fit
ok 'the page has the whole ladder' grep -q "$long" page.html
nothing_differs

# --- Where the patches come from ---
g reset -q --hard "$head"
r "HEAD~2..HEAD"
ok 'a range of commits that are there: status' gave 0
ok 'a range of commits that are there: the kernel without them' \
	grep -q '^+two' review-base.patch
r HEAD
ok 'one commit' out_has '^fuse: three becomes 3$'
g reset -q --hard HEAD~2
rm -f review-base.patch
r "$head~2..$head"
ok 'a range of commits that are not there' gave 0
ok 'a range of commits that are not there: nothing is taken back' [ ! -e review-base.patch ]

# --- Bad input ---
sed 's/^-three/-seven/' second.diff >misfit.diff
r misfit.diff
ok 'does not apply: status' gave 99
ok 'does not apply: which' err_has 'patch 1 of 1, "misfit\.diff": does not apply'
r elsewhere.diff
ok 'nothing in fs/fuse: status' gave 99
ok 'nothing in fs/fuse: said' err_has 'touches nothing in fs/fuse'
: >empty.mbox
r empty.mbox
ok 'an empty mailbox' err_has 'empty\.mbox: no patch in it'
g format-patch -q --cover-letter --stdout "$head~2..$head" | sed '/^From .*$/,$!d' |
	sed -n '1,/^-- $/p' >cover.mbox
r cover.mbox
ok 'only a cover letter' err_has 'cover\.mbox: no patch in it'
r missing.patch
ok 'no such file' err_has 'missing\.patch: neither a file nor a range'
r s
ok 'a directory' err_has 's: a directory'
printf -- '--- a/../x\n+++ b/../x\n@@ -0,0 +1 @@\n+x\n' >outside.diff
r outside.diff
ok 'a file outside of the tree' err_has 'outside of the tree'
review whole.diff --source nowhere/ --only s
ok 'no tree' err_has 'not a kernel tree'
review whole.diff --only s
ok 'no source' err_has 'needs --source'
r whole.diff --only missing.yaml
ok 'no such scenario' err_has 'missing\.yaml: no such scenario'
r whole.diff --jobs none
ok 'jobs are a number' err_has 'not a number'
r whole.diff --colour
ok 'no such option' err_has 'no such option'
touch bad-scenario
r whole.diff
ok 'a bad scenario' err_has 'cannot be loaded'
rm bad-scenario
review
ok 'nothing at all' gave 99
review --help
ok 'help' gave 0
ok 'help: to standard output' out_has '^usage: review PATCH'

for shell in bash zsh fish; do
	review completion $shell
	for option in $(bash t/review --help | sed -nE 's/^  .*--([a-z-]+).*/\1/p'); do
		out_has "(--|-l )$option\b" || echo "$option"
	done >absent
	ok "completion: $shell" [ ! -s absent ]
done
ok 'bash takes it' bash -c 'eval "$(bash t/review completion bash)" && complete -p fusescen-review >/dev/null'

sed 's/^+2/+no such word/' whole.diff >broken.diff
r broken.diff
ok 'does not build: status' gave 1
ok 'does not build: the report says it' out_has '^It does not build\.$'
ok 'does not build: why' out_has 'unknown type name'
ok 'does not build: nothing is run' called 'fusescen matrix' 0
ok 'nothing is left after all this' nothing_left

# --- Killed ---
killed_by() { # killed_by SIGNAL: the part that runs then ends too
	rm -f slow.pid
	touch slow
	FUSESCEN=$work/fake-fusescen bash t/review whole.diff --source tree --only s \
		>.out/out 2>.out/err </dev/null &
	pid=$!
	soon [ -s slow.pid ] || return
	kill -s "$1" $pid
	wait $pid
	status=$?
	rm slow
	soon eval '! kill -0 "$(cat slow.pid)" 2>/dev/null'
}
ok 'SIGTERM ends what runs' killed_by TERM
ok 'SIGTERM: status' gave 143
ok 'SIGTERM leaves nothing' nothing_left
if command -v setpriv >/dev/null; then
	ok 'SIGKILL ends what runs' killed_by KILL
	r whole.diff
	ok 'the next run takes away what SIGKILL left' nothing_left
else
	skip 'SIGKILL' 'no setpriv'
fi
done_testing
