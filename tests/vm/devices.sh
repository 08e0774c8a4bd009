#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Scenarios about devices, because few machines have /dev/cuse, and those that could
# stop the kernel of this machine.  They run on the newest kernel of the cache.  Each
# case is a point.  One more point fails if cases were skipped, because a virtual
# machine that lacks something would skip them, and nobody would notice.
. "${srcdir:-.}/tests/vm/lib.sh"

if why=$(no_machine); then
	echo "1..0 # SKIP $why"
	exit
fi
kernel=$(kernels is_stock | tail -n 1)
case $FUSESCEN in /*) ;; *) FUSESCEN=$PWD/$FUSESCEN ;; esac
cd "${srcdir:-.}" || exit 99

{
	"$FUSESCEN" run --tap --allow-hazard --jobs 2 --kernel "$kernel" \
		scenarios/devices scenarios/hazard || echo 'Bail out! fusescen failed'
} | awk '
	/^1\.\.[0-9]+$/ { print "1.." substr($0, 4) + 1; next }
	/^(not )?ok / { n++ }
	/^ok .* # SKIP / { skipped++ }
	{ print; fflush() }
	END { print (skipped ? "not ok " : "ok ") n + 1 " - nothing is skipped" }'
