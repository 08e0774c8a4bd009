#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Expectations can fail: in the scenarios of one topic, one expectation after the
# other is made wrong, and each run has to fail (`make mutate` does so with all
# topics).  The last points show that tools/mutate itself can say no.
cd "$srcdir" || exit 99
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
mutate=$builddir/tools/mutate
n=0
result() { # result TEXT STATUS OUTPUT
	n=$((n + 1))
	[ "$2" = 0 ] && echo "ok $n - $1" || echo "not ok $n - $1"
	echo "$3" | sed 's/^/# /'
}

# Two writes: a reply comes before a WRITE, too.
cat >"$dir/weak.yaml" <<'EOS'
fusescen: 1
mounts: {fs: {files: {/data: {open: [direct_io]}}}}
actors: [app]
steps:
  - app: fd = open("/data", O_WRONLY)
  - app: write(fd, 4K) = 4K
  - app: write(fd, 4K) = 4K
expect:
  - order: [WRITE, reply WRITE]
EOS
echo 'weak.yaml:9 swap-1 — it is meant to be weak' >"$dir/allow"
{ cat "$dir/allow"; echo 'weak.yaml:6 value — it is not'; } >"$dir/stale"

out=$("$mutate" "$dir/weak.yaml" 2>&1)
status=$?
[ $status = 77 ] && echo '1..0 # SKIP no scenario can be run here' && exit 0
echo 1..4
echo "$out" | grep -q 'weak.yaml:9:5: survived: swap-1$' && [ $status = 1 ]
result 'a survivor is reported' $? "$out"
out=$("$mutate" --allow "$dir/allow" "$dir/weak.yaml" 2>&1)
result 'one that is allowed is not' $? "$out"
out=$("$mutate" --allow "$dir/stale" "$dir/weak.yaml" 2>&1)
[ $? = 1 ] && echo "$out" | grep -q '/stale:2: stale'
result 'a stale line is an error' $? "$out"
out=$("$mutate" --jobs 2 --allow tests/mutants.allow scenarios/writeback 2>&1)
result 'every mutant of scenarios/writeback is killed' $? "$out"
