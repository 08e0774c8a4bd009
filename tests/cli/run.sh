#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen run: verdicts, output for people and for drivers, exit status.
. "${srcdir:-.}/tests/cli/lib.sh"

# What needs no device: nothing is run.
scenario hazard.yaml 0 'hazard: kernel_crash'
scenario bad.yaml EIOO
fs run hazard.yaml
ok 'all skipped' gave 77
ok 'why' \
	out_has '^skip  hazard.yaml: hazard: kernel_crash: run it in a virtual machine, with --allow-hazard$'
ok 'summary' out_has '^0 passed, 0 failed, 1 skipped in [0-9]+\.[0-9] s$'
fs run --tap hazard.yaml
ok 'all skipped, TAP' gave 0
ok 'TAP: version and plan first' test "$(head -2 .out/out | tr '\n' ,)" = 'TAP version 14,1..1,'
ok 'TAP: skip' out_has '^ok 1 - hazard.yaml # SKIP hazard'
fs run bad.yaml hazard.yaml
ok 'cannot be loaded' gave 99
ok 'errors go to standard error' err_has '^bad.yaml:5:'
ok 'the others run' out_has '^skip  hazard.yaml'
ok 'summary counts it' out_has '1 not loaded in '
fs run --tap bad.yaml hazard.yaml
ok 'cannot be loaded, TAP' gave 99
ok 'TAP: a point for the file' out_has '^not ok 1 - bad.yaml$'
ok 'TAP: errors as diagnostics' out_has '^    bad.yaml:5:'
ok 'TAP: plan counts it' test "$(sed -n 2p .out/out)" = 1..2
fs run --log /nothere/log hazard.yaml
ok 'a log that cannot be opened' gave 99
ok 'a log that cannot be opened is named' err_has '/nothere/log: No such file'
fs run --case two hazard.yaml
ok 'no such case' gave 99
ok 'no such case: why nothing runs' err_has 'the options leave no case to run'

if ! can_run; then
	skip 'what needs a device' 'nothing can run here: see fusescen doctor'
	done_testing
	exit
fi

scenario pass.yaml 0
scenario fail.yaml '-1 EIO'
scenario xfail.yaml '-1 EIO' 'fails: [{kernel: any, because: wrong}]'
scenario xpass.yaml 0 'fails: [{kernel: any, because: wrong}]'
scenario cases.yaml '${r}' 'cases: [{case: one, r: 0}, {case: two, r: -1 EIO}]'

fs run pass.yaml
ok 'pass' gave 0
ok 'pass, with its time' out_has '^pass  pass.yaml  [0-9]+\.[0-9] ms$'
ok 'pass, summary' out_has '^1 passed, 0 failed, 0 skipped in [0-9.]+ s$'
fs run -v pass.yaml
ok 'pass with its events' out_has '^  access\("/data", F_OK\)'
fs run pass.yaml hazard.yaml
ok 'a skip beside a pass' gave 0
fs run fail.yaml
ok 'fail' gave 1
ok 'fail, where' out_has '^fail\.yaml:5:[0-9]+: fail: app: '
ok 'fail, expected' out_has '^  expected: '
ok 'fail, ladder' out_has '^  app +kernel'
fs run --allow-hazard hazard.yaml
ok 'a hazard that is allowed' gave 0
ok 'a hazard that is allowed runs' out_has '^pass  hazard.yaml'
scenario crash.yaml 0 'hazard: kernel_crash' \
	'fails: [{kernel: any, crash: "no such words", because: wrong}]'
fs run --allow-hazard crash.yaml
ok 'a crash that does not come' out_has '^pass  crash.yaml'
scenario nocrash.yaml '-1 EIO' 'hazard: kernel_crash' \
	'fails: [{kernel: any, crash: "no such words", because: wrong}]'
fs run --allow-hazard nocrash.yaml
ok 'a failure that is not the crash' gave 1
fs run pass.yaml fail.yaml bad.yaml
ok 'the worst wins' gave 99
fs run --tap pass.yaml fail.yaml
ok 'TAP: status' gave 0
ok 'TAP: ok' out_has '^ok 1 - pass.yaml$'
ok 'TAP: not ok' out_has '^not ok 2 - fail.yaml$'
ok 'TAP: diagnostics' out_has '^    fail\.yaml:5:'
ok 'TAP: a time' out_has '^  duration_ms: [0-9]+\.[0-9]+$'
ok 'TAP: a title' out_has '^  title: "pass.yaml"$'
ok 'TAP: nothing else' out_lacks '^([^ on1T]|  [^- a-z.])'
fs run xfail.yaml
ok 'a known failure' gave 0
ok 'a known failure, why' out_has '^xfail xfail.yaml: .*wrong'
fs run xpass.yaml
ok 'an unexpected pass' gave 1
ok 'an unexpected pass is loud' out_has '^XPASS xpass.yaml: passed, but .*wrong'
fs run --tap xfail.yaml xpass.yaml
ok 'TAP: a known failure' out_has '^not ok 1 - xfail.yaml # TODO .*wrong'
ok 'TAP: an unexpected pass' out_has '^ok 2 - xpass.yaml # TODO .*wrong'

fs run cases.yaml
ok 'cases, each a line' out_has '^pass  cases.yaml \(one\)'
ok 'cases, the other' out_has '^fail  cases.yaml \(two\)'
fs run --case one cases.yaml pass.yaml
ok 'one case' gave 0
ok 'one case, and no more' out_has '^1 passed, 0 failed, 0 skipped in [0-9.]+ s$'
fs run --tap cases.yaml
ok 'TAP: cases' out_has '^not ok 2 - cases.yaml:two$'

fs run --repeat 3 pass.yaml fail.yaml
ok 'repeat: status' gave 1
ok 'repeat: passes are shown once' test "$(grep -c '^pass ' .out/out)" = 1
ok 'repeat: failures each time' test "$(grep -c '^fail  ' .out/out)" = 3
ok 'repeat: summary' out_has '^3 rounds, 6 runs, 3 failed in '
ladders() { [ "$(grep -c '^  events:' .out/out)" = "$1" ]; }
ok 'repeat: one ladder for failures that are the same' ladders 1
ok 'repeat: the others say so' test "$(grep -c '^fail  .* as before$' .out/out)" = 2
fs run --repeat 3 -v fail.yaml
ok 'repeat, -v: all ladders' ladders 3
cat >turns.yaml <<EOF
fusescen: 1
mounts: {fs: {files: {/data: {}}}}
rules: [{op: STATFS, delay: 1ms}]
actors: [app]
steps: [app: statfs("/data") = 0]
expect: [{elapsed: [app statfs starts, app statfs = 0], max: 1ns}]
EOF
fs run --repeat 3 turns.yaml
ok 'repeat: failures that differ' ladders 3
fs run --tap -r2 pass.yaml
ok 'repeat, TAP' test "$(grep ^ok .out/out)" = "$(printf 'ok 1 - pass.yaml round 1\nok 2 - pass.yaml round 2')"

# map_alignment is for DAX, which a mount of ours has never
cat >needs.yaml <<'EOF'
fusescen: 1
needs: [map_alignment]
mounts: {fs: {files: {/data: {}}}}
rules: [{op: INIT, reply: {max_write: 4096}}]
actors: [app]
steps: [app: 'stat("/data") = 0']
EOF
fs run needs.yaml
ok 'needs are looked at where a rule answers INIT too' gave 77
ok '... and say what is missing' out_has 'does not offer map_alignment'

fs run --jobs 4 --tap -r4 pass.yaml cases.yaml
ok 'jobs: in order' test "$(grep -E '^(not )?ok' .out/out | sed 's/ round.*//' |
	sed 's/^not //; s/ok [0-9]* - //' | tr '\n' ,)" = \
	"$(for i in 1 2 3 4; do printf 'pass.yaml,cases.yaml:one,cases.yaml:two,'; done)"

fs run --log log -r2 cases.yaml
ok 'log: status' gave 1
ok 'log: a line per run' test "$(grep -c '^{"event":"run","file":"cases.yaml","case":"[a-z]*","round":[12],"title":".*"}$' log)" = 4
ok 'log: a verdict per run' test "$(grep -c '"event":"verdict"' log)" = 4
ok 'log: requests' grep -q '"event":"request".*"op":"LOOKUP"' log
ok 'log: one object a line' test -z "$(grep -v '^{.*}$' log)"
if command -v jq >/dev/null; then
	ok 'log: JSON' sh -c 'jq -e . log >/dev/null'
fi
if [ -w /dev/full ]; then
	fs run --log /dev/full pass.yaml
	ok 'a log that cannot be written' gave 99
	ok 'a log that cannot be written is named' err_has '/dev/full: No space left'
	fs run --log /dev/full pass.yaml pass.yaml pass.yaml pass.yaml
	ok 'and in the words of the first error' err_has '/dev/full: No space left'
fi
cat >processor.yaml <<'END'
# There is no such processor
fusescen: 1
mounts: {fs: {}}
actors: [{app: {cpu: 4000}}]
steps: [app: stat("/") = 0]
END
fs run processor.yaml
ok 'a processor that is not there is a reason to skip' gave 77
ok '... which is said' out_has 'an actor asks for a processor'
done_testing
