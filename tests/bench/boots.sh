#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Do machines of "run --kernel" lose or invent results?  This boots the kernels of
# the cache in turns, and each machine runs one scenario that passes and one that
# fails.  For each kernel it prints how many boots gave both verdicts, how many
# gave none or blamed the machine (lost), how many gave a wrong one (invented),
# and the median time.  It shows the output of each boot that was not right.
# boots.sh FUSESCEN [BOOTS [KERNEL...]]
set -eu

FUSESCEN=$(realpath "${1:?usage: boots.sh FUSESCEN [BOOTS [KERNEL...]]}")
boots=${2:-100}
shift $(($# < 2 ? $# : 2))
. "$(dirname "$0")/../vm/lib.sh"
# shellcheck disable=SC2046
[ $# -gt 0 ] || set -- $(kernels true)
[ $# -gt 0 ] || { echo "no kernel in $cache" >&2; exit 77; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

scenario() { # scenario NAME RESULT
	cat >"$1.yaml" <<-END
	fusescen: 1
	mounts: {fs: {files: {/data: {size: 4K}}}}
	actors: [app]
	steps: [app: 'access("/data", F_OK) = $2']
	END
}
scenario pass 0
scenario fail '-1 EIO'

# The failure must be the scenario's own, at its place.
is_right() {
	[ "$status" = 1 ] && grep -q '^pass  pass\.yaml on ' out &&
		grep -q '^fail  fail\.yaml on ' out &&
		grep -q '^fail\.yaml:4:.*: fail: app: access' out
}

is_lost() {
	[ "$(grep -cE '^(pass|fail|skip|xfail|XPASS) +(pass|fail)\.yaml on ' out)" -lt 2 ] ||
		grep -qE 'the (machine|kernel) (died|hangs|sends|ended|does not boot)' out
}

i=0
while [ $i -lt "$boots" ]; do
	i=$((i + 1))
	kernel=$1
	shift
	set -- "$@" "$kernel"
	start=$(date +%s%N)
	status=0
	"$FUSESCEN" run --kernel "$kernel" pass.yaml fail.yaml >out 2>&1 || status=$?
	ms=$((($(date +%s%N) - start) / 1000000))
	if is_right; then
		what=right
	else
		if is_lost; then what=lost; else what=invented; fi
		echo "$what, boot $i, $kernel:"
		sed 's/^/    /' out
	fi
	echo "$kernel $what $ms" >>results
done

sort -k 1,1V -k 3,3n results | awk '
	function flush() {
		if (n)
			printf "%-28s %4d boots, %d right, %d lost, %d invented, median %.1f s\n",
				kernel, n, c["right"], c["lost"], c["invented"],
				ms[int((n + 1) / 2)] / 1000
	}
	$1 != kernel { flush(); kernel = $1; n = 0; split("", c) }
	{ ms[++n] = $3; c[$2]++; all[$2]++ }
	END { flush(); printf "%-28s %4d boots, %d right, %d lost, %d invented\n",
		"all", NR, all["right"], all["lost"], all["invented"] }'
