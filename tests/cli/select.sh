#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen run: which cases are run, in which order, and what is printed of them.
# Hazards are never run here, so that most of this needs no device.
. "${srcdir:-.}/tests/cli/lib.sh"

FUSESCEN_CACHE=$work/cache
export FUSESCEN_CACHE
mkdir -p tree/locks tree/deep/er
scenario tree/locks/one.yaml 0 'hazard: kernel_crash' 'tags: [slow, net.1]'
scenario tree/locks/two.yaml '${r}' 'hazard: kernel_crash' \
	'cases: [{case: red, r: 0}, {case: green, r: 0}, {case: grey, r: 0}]'
scenario tree/deep/er/three.yaml 0 'hazard: kernel_crash' 'tags: quick'

listed() { # listed "WORD..." OPTION...: exactly these are chosen, in this order
	want=$1
	shift
	fs run --list "$@"
	[ "$(sed 's/.*\///; s/\.yaml//' .out/out | tr '\n' ' ')" = "$want${want:+ }" ]
}

ok 'all, in the order of names' listed 'three one two:red two:green two:grey' tree
ok 'a glob of cases' listed 'two:green two:grey' -c 'g*' tree
ok 'several globs' listed 'two:red two:grey' -c red --case 'gre[xy]' tree
ok 'FILE:CASE' listed 'two:green' tree/locks/two.yaml:green
ok 'FILE:GLOB' listed 'two:red two:green two:grey' 'tree/locks/two.yaml:*r*'
ok 'DIR:CASE' listed 'two:red' tree/locks:red
ok 'what is listed can be run' listed 'two:grey' "$(
	"$FUSESCEN" run --list -c grey tree)"
ok 'a file is left out' listed 'three one' --exclude two.yaml tree
ok 'a directory is left out' listed 'three' --exclude locks tree
ok 'a glob is left out' listed 'one' --exclude 't*.yaml' tree
ok 'a star stops at a slash' listed 'one two:red two:green two:grey' --exclude 'deep/*' tree
ok '... and needs as many as there are' listed 'three one two:red two:green two:grey' \
	--exclude 'tree/*.yaml' tree
ok 'a case is left out' listed 'three one two:red two:green' --exclude 'two.yaml:grey' tree
ok 'a tag' listed 'one' --tag slow tree
ok 'a single tag' listed 'three' --tag quick tree
ok 'one of two tags' listed 'three one' --tag quick --tag 'net*' tree
ok 'a directory is a tag' listed 'three' --tag er tree
ok 'not a tag' listed 'three two:red two:green two:grey' --tag '!slow' tree
ok 'a tag, and not another' listed 'two:red two:green two:grey' \
	--tag locks --tag '!slow' tree
(cd tree/locks && "$FUSESCEN" run --list --tag locks one.yaml) >.out/out
ok 'the directory of a file without one' test "$(cat .out/out)" = one.yaml

fs run --tag nothing tree
ok 'nothing is left' gave 99
ok 'nothing is left, why' err_has 'the options leave no case to run: --tag nothing$'
fs run --list tree/locks/two.yaml:blue
ok 'no such case' gave 99
ok '... is named' err_has 'the options leave no case to run: :blue$'
ok '... and what there is' err_has 'no case is called "blue"; there are red, green, grey$'
fs run --list -c grean tree/locks
ok 'the nearest case' err_has 'no case is called "grean" \(did you mean green\?\)'
ok '... is named once' test "$(grep -c grean .out/err)" = 2
fs run --list tree/locks/one.yaml:red
ok 'a file without cases' err_has '"red"; none of the files has cases$'
fs run --list tree/locks/two.yaml::red
ok 'two colons' gave 99
ok '... are one' err_has 'two.yaml::red: there is one colon before a case: tree/locks/two.yaml:red$'
fs run --list tree/locks/none.yaml:red
ok 'no such file' gave 99
ok 'no such file is named' err_has 'tree/locks/none.yaml:red: No such file'
scenario tag.yaml 0 'tags: [ok, "no!"]'
fs check tag.yaml
ok 'a bad tag' err_has 'tag.yaml:6:13: .*a tag of letters'

all='three one two:red two:green two:grey '
ok 'shards' listed 'three two:red two:grey' --shard 1/2 tree
ok 'the other shard' listed 'one two:green' --shard 2/2 tree
for bad in 0/2 3/2 2 a/b 1/2x 1/; do
	fs run --list --shard $bad tree
	ok "no shard: $bad" gave 99
	ok "no shard: $bad is named" err_has "--shard: \"$bad\" is not"
done
fs run --list --shuffle=7 tree
cp .out/out seven
ok 'shuffled: all are there' test "$(sort seven | wc -l)" = 5
fs run --list --shuffle=7 tree
ok 'the same seed, the same order' cmp -s seven .out/out
for seed in 1 2 3 4 5 6; do
	"$FUSESCEN" run --list --shuffle=$seed tree
	echo
done >.out/out
ok 'other seeds, other orders' test "$(tr '\n' ' ' <.out/out | sed 's/  /\n/g' |
	sort -u | wc -l)" -gt 3
ok 'a file stays together' test "$(sed 's/:.*//' seven | uniq | wc -l)" = 3
fs run --shuffle tree
ok 'the seed is printed' out_has '^shuffled with --shuffle=[0-9]+$'

# standard input
"$FUSESCEN" run - <tree/locks/two.yaml >.out/out 2>.out/err
status=$?
ok 'standard input' gave 77
ok 'standard input has a name' out_has '^skip  <stdin> \(red\)'
echo 'fusescen: 1' | "$FUSESCEN" check - >.out/out 2>.out/err
status=$?
ok 'standard input is checked' gave 99
ok 'standard input, a message' err_has '^<stdin>:1:'

if ! can_run; then
	skip 'what needs a device' 'nothing can run here: see fusescen doctor'
	done_testing
	exit
fi

"$FUSESCEN" run --log - tree/locks/one.yaml >.out/out 2>.out/err
status=$?
ok 'the log on standard output' out_has '^\{"event":"run","file":"tree/locks/one.yaml"'
ok '... has nothing else' out_lacks '^[^{]'
ok '... and the rest is on standard error' err_has '^skip  tree/locks/one.yaml'

mkdir results
scenario results/a.yaml 0
scenario results/b.yaml '-1 EIO'
scenario results/c.yaml '${r}' 'cases: [{case: good, r: 0}, {case: bad, r: -1 EIO}]'
scenario results/d.yaml 0
fs run --last-failed results
ok 'nothing has failed before: all' out_has '^3 passed, 2 failed'
ok 'what failed is said again' test "$(grep -c '^  fail  results/' .out/out)" = 2
ok '... with its case' out_has '^  fail  results/c.yaml \(bad\): '
fs run --last-failed results
ok 'what failed last time' out_has '^0 passed, 2 failed'
scenario results/b.yaml 0
(cd results && "$FUSESCEN" run --last-failed b.yaml c.yaml) >.out/out
ok 'from another directory too' out_has '^1 passed, 1 failed'
fs run --last-failed results
ok 'what is mended is forgotten' out_has '^0 passed, 1 failed'
fs run results/a.yaml
fs run --last-failed results
ok 'what was not run is not forgotten' out_has '^0 passed, 1 failed'
fs run --last-failed results/a.yaml results/d.yaml
ok 'none of these has failed: all of them' out_has '^2 passed, 0 failed'
scenario results/broken.yaml EIOO
scenario results/broken-too.yaml '-1 EIOO'
fs run results
fs run --last-failed results
ok 'what could not be loaded is not run' out_has '^0 passed, 1 failed, 0 skipped, 2 not loaded'
scenario results/broken.yaml '${r}' 'cases: [{case: one, r: 0}, {case: two, r: 0}]'
rm results/broken-too.yaml
fs run --last-failed results
ok '... and once it can be, all of it' out_has '^2 passed, 1 failed'
fs run --last-failed results
ok '... once' out_has '^0 passed, 1 failed'
rm results/broken.yaml
scenario results/gone.yaml '-1 EIO'
fs run results/gone.yaml
rm results/gone.yaml
fs run results/a.yaml
ok 'a file that is gone is forgotten' test -z "$(grep -r gone.yaml cache 2>/dev/null)"
fs run --tap results/a.yaml results/b.yaml
scenario results/b.yaml '-1 EIO'
fs run --tap results/b.yaml
fs run --last-failed results
ok 'what a test driver runs is not remembered' out_has '^0 passed, 1 failed'
scenario results/b.yaml 0
rm -rf cache
: >cache
fs run --last-failed results
ok 'a cache that cannot be written' gave 1
rm cache

fs run --fail-fast --jobs 1 results/a.yaml results/c.yaml results/d.yaml results/b.yaml
ok 'fail-fast' gave 1
ok 'fail-fast: what was not run' out_has '^2 passed, 1 failed, 0 skipped, 2 not run in'
ok 'fail-fast: no more lines' out_lacks '^pass  results/d'
fs run --fail-fast results/a.yaml results/d.yaml
ok 'fail-fast without a failure' gave 0
fs run -q results
ok 'quiet: no passes' out_lacks '^pass'
ok 'quiet: failures' out_has '^fail  results/c.yaml \(bad\)'
ok 'quiet: the last line' out_has '^4 passed, 1 failed'
fs run --durations 2 results
ok 'durations' test "$(sed -n '/^the slowest:$/,$p' .out/out |
	grep -c '^  [0-9.]* ms  results/')" = 2
ok 'durations are sorted' test -z "$(sed -n 's/^  \([0-9.]*\) ms .*/\1/p' .out/out |
	sort -C -gr || echo no)"

# What may be long is started first, and all are reported in their order.
scenario long.yaml 0 'timeout: 20s'
cp long.yaml longer.yaml
for jobs in 1 3; do
	fs run --jobs $jobs --repeat 3 --tap results/a.yaml long.yaml results/b.yaml longer.yaml
	ok "$jobs jobs: in order" test "$(sed -n 's/^ok [0-9]* - \([^ ]*\) round \(.\)$/\1\2/p' .out/out | tr '\n' ,)" = \
		"$(for i in 1 2 3; do printf '%s,' results/a.yaml$i long.yaml$i results/b.yaml$i longer.yaml$i; done)"
done

if ! command -v script >/dev/null; then
	skip 'a terminal' 'no script(1)'
	done_testing
	exit
fi

# terminal TERM COMMAND: what a terminal would get
terminal() {
	TERM=$1 script -qec "stty cols 60; $2" /dev/null </dev/null >.out/out 2>&1
	tr -d '\r' <.out/out >.out/lines
	mv .out/lines .out/out
}
esc=$(printf '\033')
unset NO_COLOR
terminal xterm "$FUSESCEN run results"
ok 'a terminal: passes are counted' out_lacks "^(.*K)?$esc\[32mpass"
ok 'a terminal: colours' out_has "$esc\[1;31mfail$esc\[0m  results/c.yaml"
ok 'a terminal: how far it is' out_has '\[1/5\] 0:00  results/a.yaml'
ok 'a terminal: the last line' out_has '4 passed, 1 failed'
terminal xterm "$FUSESCEN run -v results"
ok 'a terminal: -v prints passes' out_has "$esc\[32mpass$esc\[0m  results/a.yaml"
terminal xterm "NO_COLOR=1 $FUSESCEN run results"
ok 'NO_COLOR' out_lacks "$esc\[[0-9;]+m"
terminal dumb "$FUSESCEN run results"
ok 'a dumb terminal' out_lacks "$esc"
ok 'a dumb terminal has all lines' out_has '^pass  results/a.yaml'
# A run whose ladder has a long line.
cat >wide.yaml <<'END'
fusescen: 1
mounts: {fs: {files: {/a-file-with-a-rather-long-name: {size: 4K}}}}
actors: [app]
steps:
  - app: access("/a-file-with-a-rather-long-name", R_OK) = -1 EPERM
END
widest() { # widest LEAST MOST: characters in the longest line of the ladder
	longest=$(sed -n '/^  events/,$p' .out/out | LC_ALL=C.UTF-8 awk '
		{ gsub(/[\200-\277]/, "") } length > max { max = length } END { print max }')
	[ "$longest" -ge "$1" ] && [ "$longest" -le "$2" ]
}
terminal xterm "stty cols 100; $FUSESCEN run wide.yaml"
ok 'a terminal: a ladder of its width' widest 76 100
terminal xterm "stty cols 60; $FUSESCEN run wide.yaml"
ok 'a narrow terminal: the same' widest 40 60
terminal xterm "stty cols 100; $FUSESCEN run --report mail wide.yaml"
ok 'a mail has the width of a mail' widest 40 72
fs run wide.yaml
ok 'a file has it too' widest 40 72
fs run --color always results
ok 'colours where they are asked for' out_has "^$esc\[32mpass$esc\[0m  results/a.yaml"
terminal xterm "$FUSESCEN run --color never results"
ok 'no colours where they are not wanted' out_lacks "$esc\[[0-9;]+m"
done_testing
