#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Run the fuzz targets, fuzz_*.c beside this file, two at a time, each for so many
# seconds.  Git has seeds for texts only (seeds/); the others are made of the
# scenarios, and by make_seeds.c of the tables of the wire:
#
#	run.sh SECONDS [TARGET...]
#	run.sh --why-not	why they cannot be built here; nothing if they can
#
# Environment: srcdir, builddir; JOBS (2).  What a target has learned stays in
# BUILDDIR/tests/fuzz/corpus/, and an input that made it fail in .../found/.
set -eu
srcdir=${srcdir:-.} builddir=${builddir:-.}
work=$builddir/tests/fuzz

why_not() {
	command -v clang >/dev/null || { echo 'there is no clang'; return; }
	trap 'rm -rf "$dir"' EXIT
	dir=$(mktemp -d)
	echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' >"$dir/empty.c"
	clang -fsanitize=fuzzer,address,undefined -o "$dir/empty" "$dir/empty.c" \
		2>/dev/null || echo 'clang has no libFuzzer (libclang-rt-dev)'
}

targets() {
	for file in "$srcdir"/tests/fuzz/fuzz_*.c; do
		basename "${file#*/fuzz_}" .c | sed 's/^fuzz_//'
	done
}

# Inputs to begin with: texts that are in the tree, and what the tables know.
make_seeds() {
	for target in $(targets); do
		mkdir -p "$work/seeds/$target" "$work/corpus/$target"
	done
	mkdir -p "$work/found"
	"$work/make_seeds" "$work/seeds"
	cp -R "$srcdir/scenarios" "$srcdir/tests/load" "$work/seeds/load"
	cp -R "$srcdir"/tests/fuzz/seeds/* "$work/seeds"
	# The words of the language, as many as a dictionary is good for.
	find "$srcdir/scenarios" -name '*.yaml' -exec cat {} + |
		tr -cs 'A-Za-z0-9_' '\n' | sort | uniq -c | sort -rn |
		awk 'length($2) > 1 && length($2) < 24 && NR <= 1500 {
			print "\"" $2 "\"" }' >"$work/words"
}

# What is wrong with the target's last input, if it can be seen again.
show() {
	for input in "$work/found/$1"-*; do
		[ -e "$input" ] || continue
		echo "not ok - $1: $input"
		timeout 60 "$work/fuzz_$1" "$input" 2>&1 |
			grep -vE '^(INFO|Running|\*\*\*)' | head -n 40
	done
}

one() { # one TARGET SECONDS
	dict='' longest=4096
	case $1 in load | ctl) dict=-dict=$work/words longest=16384 ;; esac
	status=0
	# shellcheck disable=SC2086
	timeout -k 10 $(($2 + 120)) "$work/fuzz_$1" -max_total_time="$2" -timeout=25 \
		-rss_limit_mb=2048 -max_len=$longest -print_final_stats=1 $dict \
		-artifact_prefix="$work/found/$1-" \
		"$work/corpus/$1" "$work/seeds/$1" >"$work/$1.log" 2>&1 || status=$?
	[ $status = 0 ] || { show "$1"; tail -n 5 "$work/$1.log"; exit 1; }
	edges=$(grep -o 'cov: [0-9]*' "$work/$1.log" | tail -n 1)
	rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$work/$1.log")
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$1.log")
	echo "ok - $1: $runs inputs, $rate a second, ${edges#cov: } edges"
}

case ${1-} in
--why-not) why_not; exit ;;
--one) one "$2" "$3"; exit ;;
esac

seconds=$1
shift
# New memory is not filled and old memory is reused sooner: that is faster.
ASAN_OPTIONS=max_malloc_fill_size=0:quarantine_size_mb=16
export srcdir builddir ASAN_OPTIONS
make_seeds
# shellcheck disable=SC2046
[ $# -gt 0 ] || set -- $(targets)
printf '%s\n' "$@" | xargs -P "${JOBS:-2}" -I TARGET sh "$0" --one TARGET "$seconds"
