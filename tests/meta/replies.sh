#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Our table of operations says of what kind a good reply is.  This compares it with
# the "Valid replies:" comments of libfuse's header.  The table is printed by
# `$FUSESCEN list ops`, or comes on stdin where FUSESCEN is not set: NAME <tab> kind
# of reply <tab> help.
header=${FUSE_LOWLEVEL_H:-/usr/include/fuse3/fuse_lowlevel.h}
if [ ! -r "$header" ]; then
	echo "1..0 # SKIP no $header"
	exit 0
fi
echo 1..1

if [ -n "$FUSESCEN" ]; then
	"$FUSESCEN" list ops
else
	cat
fi | awk -F '\t' -v header="$header" '
	# One reply decides; reply_err stands in nearly every list.
	function kind_of(reply) {
		if (reply == "none")
			return "none"
		if (reply ~ /^(ioctl|ioctl_retry|ioctl_iov)$/)
			return "fixed+data"
		if (reply == "xattr")
			return "sized"
		if (reply ~ /^(buf|iov|data|readlink)$/)
			return "data"
		return reply == "err" ? "empty" : "fixed"
	}
	# Of several replies the one that says most; none stands alone.
	function rank(kind) {
		return index("empty data fixed sized fixed+data none", kind)
	}
	function judge(op, want) {
		seen++
		if (!(op in table))
			bad[++nbad] = op " is not in our table"
		else if (table[op] != want)
			bad[++nbad] = op " is " table[op] ", libfuse says " want
	}
	function callback(name, want) {
		if (name == "forget_multi")
			judge("BATCH_FORGET", want)
		else if (name == "retrieve_reply")
			judge("NOTIFY_REPLY", want)
		else if (name == "write_buf")
			judge("WRITE", want)
		else if (name == "flock")
			judge("SETLK", want)
		else
			judge(toupper(name), want)
		if (name == "rename")
			judge("RENAME2", want)
		if (name == "setlk")
			judge("SETLKW", want)
	}
	{ table[$1] = $2 }
	END {
		while ((getline line < header) > 0) {
			if (line ~ /Valid replies:/) {
				inside = 1
				want = "empty"
			} else if (inside && line ~ /fuse_reply_/) {
				sub(/.*fuse_reply_/, "", line)
				sub(/[^a-z_].*/, "", line)
				kind = kind_of(line)
				if (rank(kind) > rank(want))
					want = kind
			} else if (inside && line ~ /\(\*[a-z_0-9]+\) *\(/) {
				sub(/.*\(\*/, "", line)
				sub(/\).*/, "", line)
				callback(line, want)
				inside = 0
			}
		}
		if (seen < 30)
			bad[++nbad] = "only " seen + 0 " lists of replies found"
		print (nbad ? "not " : "") "ok 1 - replies are those of libfuse"
		for (i = 1; i <= nbad; i++)
			print "# " bad[i]
	}'
