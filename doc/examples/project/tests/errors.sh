#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The server, with an error and a delay put under it: errors.sh SERVER, or ./hello.
[ -c /dev/fuse ] || exit 77
dir=$(mktemp -d) || exit 99
trap 'rmdir "$dir"' EXIT

use() {
	tries=0
	until [ -e "$dir/hello" ]; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || return
		sleep 0.1
	done
	cat "$dir/hello" 2>/dev/null && echo 'no error'
	cat "$dir/hello"
	umount "$dir" 2>/dev/null || fusermount3 -u "$dir"
}
use &
fusescen attach "${srcdir:-.}/tests/errors.yaml" -- "${1:-./hello}" -f "$dir"
status=$?
wait
exit $status
