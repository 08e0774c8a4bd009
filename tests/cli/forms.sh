#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen run: results for other programs, and a text to be mailed.
. "${srcdir:-.}/tests/cli/lib.sh"

scenario hazard.yaml 0 'hazard: kernel_crash'
scenario bad.yaml EIOO
scenario pass.yaml 0
fs run --ktap bad.yaml hazard.yaml
ok 'KTAP: the version' test "$(head -1 .out/out)" = 'KTAP version 1'
ok 'KTAP: a skip' out_has '^ok 2 hazard.yaml # SKIP hazard'
ok 'KTAP: totals' out_has '^# Totals: pass:0 fail:0 xfail:0 xpass:0 skip:1 error:1$'
fs run --tap --ktap hazard.yaml
ok 'one of the two' gave 99
fs run --junit junit.xml bad.yaml hazard.yaml
ok 'JUnit: counted' grep -q '<testsuites name="fusescen" tests="2" failures="0" errors="1"' junit.xml
ok 'JUnit: a skip has its reason' grep -q '<skipped message="hazard: ' junit.xml
ok 'JUnit: errors are escaped' grep -q 'got &quot;EIOO&quot;' junit.xml

xsd=$(cd "${srcdir:-.}" && pwd)/fusescen/report/junit.xsd
is_not_junit() { ! is_junit "$1"; }
is_junit() { xmllint --noout --schema "$xsd" "$1" 2>.out/err; }
if command -v xmllint >/dev/null; then
	ok 'JUnit: its form' is_junit junit.xml
	sed 's/<property name="kernel"/<property key="kernel"/' junit.xml >wrong.xml
	ok '... and another is told' is_not_junit wrong.xml
	sed 's/time="\([0-9.]*\)"/time="\1123"/' junit.xml >wrong.xml
	ok '... and too exact a time' is_not_junit wrong.xml
else
	skip 'JUnit: its form' 'no xmllint'
fi
fs run --report mail hazard.yaml
ok 'mail: the tool' grep -q '^Tool:     fusescen ' mail
ok 'mail: the scenario' grep -q '^    hazard: kernel_crash' mail
ok 'mail: the result' grep -q '^Result: skip in 1 of 1 run$' mail
fs run --report mail - <hazard.yaml
ok 'mail: the scenario of standard input' grep -q '^    hazard: kernel_crash' mail
fs run --junit /nothere/x hazard.yaml
ok 'a file that cannot be written' gave 99
ok '... is told before anything runs' [ ! -s .out/out ]

# All of it about something that fails, with a name and a text that mean something in
# each form.
name='a<b>&"c'
scenario "$name.yaml" '-1 EPERM' 'cases: [{case: one}, {case: two}]'
sed -i '1s/.*/# <i>]]>\& "quoted"/' "$name.yaml"
proof_scenario proof.yaml
fs run --junit all.xml --html all.html --perfetto all.json --report all.txt --artifacts kept \
	"$name.yaml" proof.yaml pass.yaml
if command -v xmllint >/dev/null && can_run; then
	ok 'JUnit: names and texts' is_junit all.xml
	ok 'JUnit: as they are' [ "$(xmllint --xpath 'string(//testcase[1]/@classname)' all.xml)" = "$name.yaml" ]
fi
if ! can_run; then
	skip 'what fails' 'nothing runs here'
	done_testing
	exit
fi
ok 'artifacts: a folder for each failure' [ "$(ls kept | tr '\n' ,)" = 'a_b___c.yaml-one,a_b___c.yaml-two,' ]
ok 'artifacts: what is in it' [ "$(ls kept/*one | tr '\n' ,)" = 'log.jsonl,page.html,report.txt,scenario.yaml,trace.json,' ]
ok 'artifacts: the scenario as it was' cmp kept/*one/scenario.yaml "$name.yaml"
ok 'artifacts: the report' grep -q '^Result of case one: fail in 1 of 1 run$' kept/*one/report.txt
ok 'artifacts: the log' grep -q '"verdict":"fail"' kept/*one/log.jsonl
fs run --artifacts kept "$name.yaml:one"
ok 'artifacts: nothing is written over' [ -d kept/a_b___c.yaml-one.2 ]
fs run --artifacts /nothere/kept "$name.yaml:one"
ok 'artifacts: a directory that cannot be made' gave 99
if command -v jq >/dev/null; then
	events() { # events FILTER: of the trace
		jq -r ".traceEvents[] | $1" all.json
	}
	ok 'perfetto: a process for each run' [ "$(events 'select(.name == "process_name").args.name' | tail -2 | tr '\n' ,)" = proof.yaml,pass.yaml, ]
	ok 'perfetto: a call has a slice' [ "$(events 'select(.ph == "X" and .name == "pread(fd, 4K, 0) ...") | .dur > 0')" = true ]
	blocked=.args.stack
	! "$FUSESCEN" doctor | grep -q '^kernel_stack *no' || blocked='"fuse"'
	ok 'perfetto: that is blocked in it' [ "$(events 'select(.ph == "X" and .name == "blocked")|'"$blocked" | grep -c fuse)" = 1 ]
	ok 'perfetto: a request is held' [ "$(events 'select(.ph == "X" and .name == "held").args.words' | grep -c READ)" = 1 ]
	ok 'perfetto: what failed' [ "$(events 'select(.ph == "i" and (.args.words // "" | test("EPERM|= 0"))).name' | grep -c access)" = 2 ]
	ok 'perfetto: every event has what it needs' [ "$(events 'select(.pid and .tid != null and (.ph == "M" or .ts != null) | not)' | wc -l)" = 0 ]
	cat >exits.yaml <<'END'
# A client that is killed leaves its lock, and the kernel asks for what follows
fusescen: 1
mounts: {fs: {init: [posix_locks], files: {/data: {}}}}
actors: [app]
steps:
  - app: fd = open("/data", O_RDWR)
  - app: setlk(fd, F_WRLCK, 0, 0) = 0
  - signal: {app: SIGKILL}
  - wait: RELEASE
END
	fs run --perfetto all.json exits.yaml
	ok 'perfetto: an arrow begins in a slice, and ends in one' [ "$(jq '
		[.traceEvents[] | select(.ph == "X")] as $slices | [.traceEvents[] |
		select(.ph == "s" or .ph == "f") | . as $e | select([$slices[] |
		select(.pid == $e.pid and .tid == $e.tid and .ts <= $e.ts and
		$e.ts <= .ts + .dur)] == [])] | length' all.json)" = 0 ]
	ok 'perfetto: there are arrows' [ "$(events 'select(.ph == "s").id' | wc -l)" -gt 2 ]
else
	skip 'perfetto' 'no jq'
fi
done_testing
