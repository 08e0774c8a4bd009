#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen bench: errors in its files, and what it makes of the numbers of fio.  A
# script stands in for fio, so that the numbers are known; the last points run the
# real one.
. "${srcdir:-.}/tests/cli/lib.sh"

# bench FILE LINE...: a file whose lines these are behind the first ones
bench() {
	file=$1
	shift
	{
		echo 'bench: 1'
		echo 'title: a test'
		for line; do echo "$line"; done
	} >"$file"
}
fio='fio: {rw: write, size: 1M}'
rows='rows: {numjobs: [1, 2]}'
show='show: [iops]'
two='variants: {a: {in: raw}, b: {in: tmpfs}}'

bad() { # bad TEXT PLACE-AND-MESSAGE LINE...
	text=$1 message=$2
	shift 2
	bench bad.yaml "$@"
	fs bench --check bad.yaml
	ok "$text" gave 99
	ok "$text: where and what" err_has "^bad\\.yaml:$message"
}

bench good.yaml "$fio" "$rows" "$show" "$two"
fs bench --check good.yaml
ok 'a good file' gave 0
ok 'a good file: silence' is_silent
bad 'an unknown key' '3:1: error: unknown key "row" \(did you mean rows' 'row: 1' "$fio" "$rows" "$show" "$two"
bad 'a key that is missing' '1:1: error: "show" is missing' "$fio" "$rows" "$two"
bad 'no sweep' '1:1: error: "rows" or "columns" is missing' "$fio" "$show" "$two"
bad 'two sweeps' '5:10: error: there are "rows" or' "$fio" "$rows" 'columns: {bs: [4k]}' "$show" "$two"
bad 'a sweep of what is set' '3:11: error: "rw" is swept' "$fio" 'rows: {rw: [read]}' "$show" "$two"
bad 'an option of ours' '3:7: error: fio.s "runtime" is set by "seconds"' 'fio: {runtime: 3}' "$rows" "$show" "$two"
bad 'no option' '3:7: error: "a b" cannot be an option' 'fio: {a b: 3}' "$rows" "$show" "$two"
bad 'a number that is none' '5:8: error: unknown number "iop" \(did you mean iops' "$fio" "$rows" 'show: [iop]' "$two"
bad 'too many rounds' '6:9: error: expected a number from 1 to 1000' "$fio" "$rows" "$show" 'rounds: 0' "$two"
bad 'a size' '6:12: error: expected a size' "$fio" "$rows" "$show" 'files: {a: 4X}' "$two"
bad 'a name with a directory' '6:9: error: expected a plain name, without directories, got "../a"' "$fio" "$rows" "$show" 'files: {../a: 4K}' "$two"
bad 'a key twice' '6:1: error: "show" is given twice \(the first one is on line 5\)' "$fio" "$rows" "$show" "$show" "$two"
bad 'a variant of diff' '7:11: error: unknown variant "c"' "$fio" "$rows" "$show" "$two" 'diff: [a, c]'
bad 'no baseline' '6:11: error: no baseline' "$fio" "$rows" "$show" \
	'variants: {a: {serve: {fs: {fusescen: 1, mounts: {fs: {}}}}}}'
bad 'nothing to measure' '6:15: error: neither "serve" nor "in"' "$fio" "$rows" "$show" 'variants: {a: {}}'
bad 'a directory that is not there' '6:20: error: expected "raw" or' "$fio" "$rows" "$show" 'variants: {a: {in: x}}'
bad 'an error in a scenario, at its own place' '11:11: error: unknown key of a mount "inits"' "$fio" "$rows" "$show" \
	'variants:' ' ä: {in: raw}' ' a:' '  serve: {fs: {fusescen: 1,' '        mounts: {fs: {' '          inits: [x]}}}}'
bad 'an error in a scenario with an anchor' '7:23: error: unknown key of a scenario "fusescn"' "$fio" "$rows" "$show" \
	'variants:' '  a: {serve: {fs: &s {fusescn: 1}}}'
bad 'no YAML' '4:1: error: ' '{'
bad 'an alias of nothing' '6:15: error: there is no complete value with the anchor "x"' "$fio" "$rows" "$show" \
	'variants: {a: *x}'
bad 'another kind of value' '3:11: error: expected a value, got a list' 'fio: {rw: [a]}'
ok 'another kind of value: a caret' err_has '^      \|           \^~~$'
fs bench --check nothere.yaml
ok 'no such file' gave 99
ok 'no such file is named' err_has '^nothere.yaml: error: .*No such file'
fs bench
ok 'nothing to do' gave 99
fs bench --json x good.yaml good.yaml
ok '--json of two files' gave 99
fs bench --dir . --kernel none good.yaml
ok '--dir for a machine' gave 99

if [ "$(id -u)" != 0 ]; then
	fs bench --quick good.yaml
	ok 'who is not root is skipped' gave 77
	done_testing
	exit
fi
if ! can_run; then
	skip 'measuring' 'nothing can run here'
	done_testing
	exit
fi

# fake LINE...: a fio that does this, once it has been asked for its version.
# $out is the file to write; $n counts.
mkdir bin
fake() {
	{
		echo '#!/bin/sh'
		echo '[ "$1" = --version ] && echo fio-0.1 && exit'
		echo 'for w; do case $w in --output=*) out=${w#*=} ;; --numjobs=*) jobs=${w#*=} ;; esac; done'
		echo 'json() { echo "note: noise"; echo "{\"jobs\": [{\"error\": $2,'
		echo '  \"read\": {\"total_ios\": 0}, \"write\": {\"total_ios\": 9, \"iops\": $1, \"bw_bytes\": 2097152,'
		echo '  \"lat_ns\": {\"mean\": 5e6}, \"clat_ns\": {\"percentile\": {\"99.000000\": 20000000}}}}]}"; }'
		for line; do echo "$line"; done
	} >bin/fio
	chmod +x bin/fio
}
old=$PATH
PATH=$work/bin:$PATH

# The rounds of a cell give 1000, 2000, ... times the jobs: the median of 5 is 3000,
# its quartiles are 2000 and 4000.
fake "echo \"\$*\" >>$work/calls" 'n=$(grep -c -e "$3.*numjobs=$jobs" '"$work/calls)" \
	'd=$(echo "$*" | grep -o "directory=[a-z/]*"); n=$(grep -e "$d " '"$work/calls"' | grep -c "numjobs=$jobs")' \
	'json $((n * 1000 * jobs)) 0 >$out'
bench five.yaml "$fio" "$rows" 'show: [iops, bandwidth, latency, latency_p99]' "$two" 'diff: [a, b]' 'scale: first'
fs bench --json five.json --svg five.svg --seconds 1 five.yaml
ok 'five rounds' gave 0
ok 'median, spread and scale' out_has '^2 +\| 6\.0K ±33%  2\.0x \| 6\.0K ±33%  2\.0x \| \+0%$'
ok 'bandwidth' out_has '\| 2\.0 MiB/s ±0%'
ok 'latency' out_has '^1 +\| 5\.0 ms ±0%'
ok '99% latency' out_has '^1 +\| 20 ms ±0%'
ok 'how it was measured' out_has '^median of 5 rounds of 1 s, '
ok 'where it was measured' out_has "^Linux $(uname -r): fio-0\.1; .* raw is on tmpfs; 2"

ok 'rounds take turns' [ "$(sed -n '1p;2p' calls | grep -c raw)" = 1 ]
ok 'every second round begins with the other variant' [ "$(sed -n '5p' calls | grep -c tmpfs)" = 1 ]
ok 'JSON has the samples' grep -q '"variant": "b", "value": "2", "number": "iops".*"median": 6000, "q1": 4000, "q3": 8000, "min": 2000, "max": 10000, "samples": \[2000, 4000, 6000, 8000, 10000\]' five.json
ok 'the plot is one' grep -q '^</svg>' five.svg
ok 'the plot: in words too' grep -qE '^<desc id="desc">.* of .* by .*: .*</desc>$' five.svg
fs bench --before five.json --seconds 1 --rounds 1 --json two.json five.yaml
ok 'beside earlier results' gave 0
ok 'beside earlier results: a column for each' out_has "^numjobs \\| a, $(uname -r) +\\| a, $(uname -r) +\\| b, $(uname -r) +\\| b, "
ok 'beside earlier results: the difference' out_has '^2 .* 6\.0K ±33%  2\.0x +\| 12\.0K  2\.0x +\|.*\| \+100% +\| \+100%$'
ok 'beside earlier results: JSON has both' [ "$(grep -c '^{"kernel"' two.json)" = 2 ]
sed 's/a test/another/' five.json >other.json
fs bench --before other.json five.yaml
ok 'results of something else' gave 99
ok 'results of something else: said so' err_has '^fusescen: other\.json: results of another bench file'
fs bench --before five.yaml five.yaml
ok 'no results' gave 99
fs bench --quick good.yaml
ok '--quick is one round' out_has '^1 round of 1 s'
sed 's/^rows/columns/' five.yaml >across.yaml
fs bench --quick across.yaml
ok 'columns' out_has '^numjobs = +1 +2$'
ok 'their difference' out_has '^% diff +\+0%'


# libfuse's own loop is no baseline for a variant that uses what it does not have.
plain() { # plain TEXT MESSAGE SCENARIO
	bench plain.yaml "$fio" "$rows" "$show" 'variants:' '  a: {in: raw}' '  b:' '    loop: libfuse' \
		'    serve:' '      fs:' "        $3"
	fs bench --quick plain.yaml
	ok "libfuse's loop and $1" gave 99
	ok "libfuse's loop and $1: where and what" err_has "^plain\\.yaml:$2"
}
m='mounts: {fs: {}}'
plain 'rules' '12:49: error: .* has no rules' "{fusescen: 1, $m, rules: [{op: WRITE, delay: 1ms}]}"
plain 'expect' '12:[0-9]+: error: .* has no log' "{fusescen: 1, $m, expect: [{count: FSYNC, is: 0}]}"
plain 'a flag of ours' '12:32: error: .* does not know all' '{fusescen: 1, mounts: {fs: {init: [passthrough]}}}'
plain 'open flags' '12:45: error: .* does not give open' '{fusescen: 1, mounts: {fs: {files: {/a: {open: [direct_io]}}}}}'

fake 'echo "no such engine" >&2' 'exit 3'
fs bench --quick good.yaml
ok 'fio fails' gave 1
ok 'fio fails: what it said' err_has 'no such engine'
ok 'fio fails: where' err_has 'at numjobs=1 a'
fake 'json 5 28 >$out'
fs bench --quick good.yaml
ok 'fio reports an error' gave 1
fake 'echo "{" >$out'
fs bench --quick good.yaml
ok 'fio writes half a report' gave 1
fake 'echo "{\"jobs\": [{\"error\": 0}]}" >$out'
fs bench --quick good.yaml
ok 'fio did nothing' gave 1
ok 'fio did nothing: said so' err_has 'no reads or writes'
fake 'kill -9 $$'
fs bench --quick good.yaml
ok 'fio is killed' gave 1
printf '#!/bin/sh\nexit 127\n' >bin/fio
fs bench --quick good.yaml
ok 'no fio' gave 77
ok 'no fio: said so' err_has 'no fio in PATH'

# A signal ends fio too, and nothing is left.
fake "echo \$\$ >$work/pid" 'exec sleep 1000'
"$FUSESCEN" bench --quick good.yaml >.out/out 2>.out/err &
pid=$!
i=0
while [ ! -s pid ] && [ $i -lt 600 ]; do sleep 0.1; i=$((i + 1)); done
kill -TERM $pid
wait $pid
status=$?
ok 'SIGTERM' gave 143
ok 'fio has gone' [ ! -d "/proc/$(cat pid)" ]
PATH=$old

if ! command -v fio >/dev/null; then
	skip 'a real run' 'no fio'
else
	bench real.yaml 'files: {data: 1M}' 'fio: {rw: randwrite, bs: 4k, ioengine: psync, filename: data, size: 1M}' \
		'rows: {numjobs: [2]}' 'show: [iops, latency_p99]' 'variants:' \
		'  served: {serve: {fs: {fusescen: 1, mounts: {fs: {files: {/data: {size: 1M}}}}}}}' \
		'  libfuse: {loop: libfuse, serve: {fs: {fusescen: 1, mounts: {fs: {files: {/data: {size: 1M}}}}}}}' \
		'  raw: {in: raw}'
	mkdir disk
	fs bench --quick --dir disk real.yaml
	ok 'a real run' gave 0
	ok 'with numbers' out_has '^2 +\| [0-9.]+K? +\| [0-9.]+K? +\| [0-9.]+K?$'
	ok '--dir is left empty' [ -z "$(ls disk)" ]
	ok 'nothing is mounted' [ "$(grep -c 'fusescen /mnt' /proc/mounts)" = 0 ]
fi
done_testing
