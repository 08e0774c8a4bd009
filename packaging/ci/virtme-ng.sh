#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# virtme-ng.sh [SCENARIO...]: in a kernel's tree that vng --build has built.  The
# machine has this one's files, so fusescen is the installed one.
[ $# -gt 0 ] || set -- /usr/share/fusescen/scenarios
exec vng --run . --user root --exec "fusescen run --quiet --junit $PWD/junit.xml $*"
