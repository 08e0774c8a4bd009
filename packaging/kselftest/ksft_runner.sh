#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Runs scenarios by fusescen and prints KTAP: those of the directory "scenarios" beside
# this script, those that the arguments name, or else the installed ones.
# FUSESCEN names the command, FUSESCEN_ARGS has more options.

fusescen=${FUSESCEN:-fusescen}
skip() {
	echo 'TAP version 13'
	echo "1..0 # SKIP $1"
	exit 4
}

command -v "$fusescen" >/dev/null || skip "no $fusescen"
if [ $# -eq 0 ]; then
	here=$(cd "$(dirname "$0")" && pwd)
	set -- "$here/scenarios"
	[ -d "$1" ] || set -- "$(dirname "$(command -v "$fusescen")")/../share/fusescen/scenarios"
	[ -d "$1" ] || skip 'no scenarios'
fi
[ -c /dev/fuse ] || skip 'no /dev/fuse'

# kselftest goes by the status: 0, 1, or 4 for a skip.
# shellcheck disable=SC2086
"$fusescen" run --ktap $FUSESCEN_ARGS "$@" | awk '
	{ print; fflush() }
	/^1\.\./ { plan = 1 }
	/^ok / && !/# SKIP/ { passed = 1 }
	/^not ok / && !/# (TODO|XFAIL)/ { failed = 1 }
	END { exit failed || !plan ? 1 : passed ? 0 : 4 }'
