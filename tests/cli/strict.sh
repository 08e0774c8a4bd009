#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a scenario has and nothing uses: run says so, --strict fails it, and what
# can be known without a run is said by check.
. "${srcdir:-.}/tests/cli/lib.sh"

note() { # note TEXT FILE LINE REGEX: one note, at that place
	fs run "$2"
	ok "$1: a pass" gave 0
	ok "$1: a note" out_has "^$2:$3:[0-9]+: note: $4\$"
	fs run --strict "$2"
	ok "$1: --strict" gave 1
	ok "$1: --strict says what" out_has "^$2:$3:[0-9]+: note: $4\$"
}
clean() { # clean TEXT FILE: no note
	fs run --strict "$2"
	ok "$1" gave 0
	ok "$1: no note" out_lacks 'note:'
}

scenario used.yaml 0 'rules: [{op: GETATTR, hold: g}, {op: LOOKUP, file: /data, delay: 0}]'
sed -i 's/{op: GETATTR, hold: g}, //' used.yaml
fs run used.yaml
if [ "$status" = 77 ]; then
	echo '1..0 # SKIP no scenario can be run here'
	exit 0
fi
clean 'all is used' used.yaml

scenario path.yaml 0 'rules: [{op: LOOKUP, file: /dta, delay: 0}]'
note 'a typo in the path of a rule' path.yaml 6 'this rule matched no request'
scenario nth.yaml 0 'rules: [{op: LOOKUP, nth: 7, delay: 0}]'
note 'an nth that never comes' nth.yaml 6 'this rule matched 1 request and applied to none'
scenario state.yaml 0 'states: {s: on}' 'rules: [{op: LOOKUP, set: {s: off}}]'
note 'a state that nothing depends on' state.yaml 6 'no rule depends on the state s'
scenario actor.yaml 0
sed -i 's/^actors:.*/actors: [app, idle]/' actor.yaml
note 'an actor without a call' actor.yaml 4 'idle makes no call'
scenario variable.yaml 0 'cases: [{case: one, v: 1}, {case: two, v: 2}]'
note 'a variable that no text has' variable.yaml 6 'no text has the variable \$\{v\}'
scenario never.yaml 0 'expect: [never: READ /dta]'
note 'a check about a path that nothing has' never.yaml 6 \
	'no file and no request had the path /dta'
scenario count.yaml 0 'expect: [{count: READ /dta, is: 0}]'
note 'the same as a count' count.yaml 6 'no file and no request had the path /dta'

scenario trap.yaml 0 'rules: [{op: READ, file: /data, reply: {error: EIO}}]' \
	'expect: [never: READ /data]'
clean 'a rule for what a check says never comes' trap.yaml
scenario other.yaml 0 'rules: [{op: READ, file: /data, reply: {error: EIO}}]' \
	'expect: [never: WRITE /data]'
note 'a rule for something else' other.yaml 6 'this rule matched no request'
scenario root.yaml 0 'expect: [never: OPENDIR /]'
clean 'the root is a path' root.yaml
scenario called.yaml 0 'expect: [never: LOOKUP /data/x]'
sed -i 's/steps: \[/&app: '"'"'stat("\/data\/x") = -1 ENOTDIR'"'"', /' called.yaml
clean 'a path that only a call names' called.yaml

# A part is used if one case uses it; a run of some cases cannot tell.
scenario cases.yaml 0 'cases: [{case: one, op: LOOKUP}, {case: two, op: READ}]' \
	'rules: [{op: "${op}", delay: 0}]'
clean 'what one case uses is used' cases.yaml
fs run --strict --case two cases.yaml
ok 'one case alone does not tell' gave 0
scenario failing.yaml -1 'rules: [{op: READ, delay: 0}]'
fs run failing.yaml
ok 'a failure has no notes' out_lacks 'note:'

fs run --strict --tap path.yaml
ok 'TAP: not ok' out_has '^not ok 1 - path.yaml'
fs run --tap path.yaml
ok 'TAP: a note' out_has '^    path.yaml:6:[0-9]+: note:'
fs run --strict --repeat 2 used.yaml path.yaml
ok 'each round is judged' out_has '2 rounds, 4 runs, 2 failed'
fs run --strict --kernel 6.1 used.yaml
ok 'not in virtual machines' err_has 'strict'

fs check actor.yaml state.yaml variable.yaml path.yaml
ok 'check: a note is no error' gave 0
ok 'check: actors' out_has '^actor.yaml:4:[0-9]+: note: idle makes no call$'
ok 'check: states' out_has '^state.yaml:6:[0-9]+: note: '
ok 'check: variables' out_has '^variable.yaml:6:[0-9]+: note: '
ok 'check: nothing that only a run can tell' out_lacks '^path.yaml'
fs check --strict actor.yaml
ok 'check --strict' gave 1
fs check --strict used.yaml
ok 'check --strict: nothing to say' gave 0
done_testing
