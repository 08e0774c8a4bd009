#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What do 10,000 requests cost that are held at once?  This measures the resident
# memory of the server for each, which includes the request and what is logged of
# it; how long it takes from the command that releases them until fio has all
# replies; and whether the replies were written in the order of the requests.
# Needs root and fio.  held.sh FUSESCEN [ROUNDS]
set -eu

fusescen=$(realpath "${1:?usage: held.sh FUSESCEN [ROUNDS]}")
rounds=${2:-5}
count=10000
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/mnt"

cat >"$work/held.yaml" <<END
# Reads that wait for somebody
fusescen: 1
mounts:
  fs:
    init: {flags: [async_dio], max_background: $((2 * count))}
    backing: "null"
    workers: 2
    files: {/data: {size: 1G}}
rules: [{op: READ, file: /data, hold: gate}]
END

cat >"$work/inside" <<'END'
set -eu
fusescen=$1 count=$2
ctl() { "$fusescen" ctl "$@"; }
is_held() { ctl ctl.sock gates | grep -q ": $count held"; }

# our starter's other child
for pid in $(cat "/proc/$PPID/task/$PPID/children"); do
	[ "$pid" = $$ ] || server=$pid
done
resident() { awk '/^RssAnon/ { print $2 * 1024 }' "/proc/$server/status"; }

before=$(resident)
fio --name=w --filename=mnt/data --rw=read --bs=4k --size=$((4 * count))k \
	--direct=1 --ioengine=libaio --iodepth="$count" --output=report &
until is_held; do sleep 0.2; done
held=$(resident)
start=$(date +%s%N)
ctl ctl.sock release gate >released
done=$(date +%s%N)
wait
end=$(date +%s%N)
grep -q "$count" released
ctl --json ctl.sock tail "$count" >log
echo "$(((held - before) / count)) $(((done - start) / 1000000))" \
	"$(((end - start) / 1000000))" >>result
END

# A reply names its request's event, which has its number from when it was read.
i=0
cd "$work"
while [ $i -lt "$rounds" ]; do
	i=$((i + 1))
	"$fusescen" serve -s ctl.sock held.yaml mnt -- \
		sh inside "$fusescen" "$count"
	grep '"event":"reply"' log | grep -o '"request":[0-9]*' | cut -d: -f2 >order
	order="in order"
	sort -nc order 2>/dev/null || order="NOT in order"
	tail -1 result | { read -r each ms end
		echo "round $i: $each bytes each; released in $ms ms, fio done in $end ms;" \
			"$(wc -l <order) replies $order"; }
done
