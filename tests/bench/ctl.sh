#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# How fast the control socket answers while two jobs read and write as fast as
# they can: past the tap (no rule is about them), through it, and with a log of
# all that the server does.
# Needs root and fio.  ctl.sh FUSESCEN BENCHDIR [ROUNDS]
set -eu

fusescen=$(realpath "${1:?usage: ctl.sh FUSESCEN BENCHDIR [ROUNDS]}")
ask=$(realpath "${2:?usage: ctl.sh FUSESCEN BENCHDIR [ROUNDS]}/ask")
rounds=${3:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/mnt"
cd "$work"

head='fusescen: 1
mounts: {fs: {backing: "null", workers: 2, files: {/data: {size: 1G}}}}'
printf '# Past the tap\n%s\n' "$head" >past.yaml
printf '# Through it\n%s\n%s\n' "$head" \
	'rules: [{op: [READ, WRITE], file: /data, delay: 0ms}]' >through.yaml

cat >inside <<'END'
fio --name=w --filename=mnt/data --rw=randrw --bs=4k --size=1g --direct=1 \
	--ioengine=psync --norandommap --thread --numjobs=2 --time_based \
	--runtime=8 --output=report &
sleep 1
"$1" ctl.sock 500 10
kill $!
wait
END

i=0
while [ $i -lt "$rounds" ]; do
	i=$((i + 1))
	for load in past through; do
		printf '%-8s ' "$load"
		"$fusescen" serve -s ctl.sock $load.yaml mnt -- sh inside "$ask"
	done
	printf '%-8s ' logged
	"$fusescen" serve -s ctl.sock -l /dev/null past.yaml mnt -- sh inside "$ask"
done
