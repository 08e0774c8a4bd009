#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A signal ends everything: no further run begins, no process and no mount is left,
# and the status is 99.
. "${srcdir:-.}/tests/cli/lib.sh"

if ! can_run; then
	echo '1..0 # SKIP nothing can run here: see fusescen doctor'
	exit
fi
{
	echo 'fusescen: 1'
	echo 'mounts: {fs: {}}'
	echo 'timeout: 40s'
	echo 'steps: [sleep: 5s, sleep: 5s, sleep: 5s, sleep: 5s]'
} >slow.yaml
scenario pass.yaml 0

for signal in INT TERM HUP; do
	# not timeout(1): a shell starts background jobs with INT ignored
	timeout -s $signal 3 "$FUSESCEN" run -j2 pass.yaml slow.yaml slow.yaml \
		pass.yaml >.out/out 2>.out/err
	status=$?
	# timeout(1) says 124 whatever its child's status was
	ok "$signal: ended at once" gave 124
	ok "$signal: says so" err_has '^fusescen: .* after [0-9] of 4$'
	ok "$signal: what was done is shown" out_has '^pass  pass.yaml'
	ok "$signal: nothing more was started" out_has '^1 passed'
done

"$FUSESCEN" run slow.yaml >.out/out 2>.out/err &
pid=$!
sleep 1
children=$(ps -o pid= --ppid $pid)
kill -TERM $pid
wait $pid
status=$?
ok 'status' gave 99
ok 'there was a run' test -n "$children"
gone() {
	for i in 1 2 3 4 5 6 7 8 9 10; do
		left=
		for child in $children; do
			case $(ps -o stat= -p "$child") in '' | Z*) ;; *) left=1 ;; esac
		done
		[ -z "$left" ] && return
		sleep 0.2
	done
	return 1
}
ok 'it is gone' gone
done_testing
