#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# virtme-ng.sh [SCENARIO...]: in a kernel's tree that vng --build has built, so that it
# has 9p or virtiofs in it, by which the machine has this one's files: fusescen is the
# installed one.  What the machine writes is gone with it, except below --rwdir.
[ $# -gt 0 ] || set -- /usr/share/fusescen/scenarios
exec vng --run . --user root --rwdir "$PWD" \
	--exec "fusescen run --quiet --junit $PWD/junit.xml $*"
