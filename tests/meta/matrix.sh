#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the documents about kernels name exists, and doc/kernel-matrix.md has the
# words of doc/kernel-matrix.notes as they are now.  That its tables are new is
# not looked at: they take minutes.
cd "$srcdir" || exit 99
echo 1..4
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

verdict() { # verdict N TEXT: a failure if there is something in $dir/said
	[ ! -s "$dir/said" ] && echo "ok $1 - $2" && return
	echo "not ok $1 - $2"
	sed 's/^/# /' "$dir/said"
}

# lost FILE...: what they link to beside doc/, and is not there
lost() {
	grep -oh '](\.\./[^)]*)' "$@" | sort -u | sed 's/^](\.\.\/\(.*\))$/\1/' |
		while read -r name; do
			[ -e "$name" ] || echo "$name"
		done
}

# unsaid NOTES MATRIX: lines of the notes that the table does not have
unsaid() { grep -vxFf "$2" "$1"; }

lost doc/kernel-matrix.md doc/kernel-matrix.notes doc/kernel-findings.md >"$dir/said"
verdict 1 'scenarios that are named exist'
unsaid doc/kernel-matrix.notes doc/kernel-matrix.md >"$dir/said"
verdict 2 'the notes are in the table (tools/update-matrix)'

# That it can say no.
echo 'see [one](../scenarios/one.yaml)' >"$dir/notes"
echo scenarios/one.yaml >"$dir/expected"
lost "$dir/notes" | diff - "$dir/expected" >"$dir/said"
verdict 3 'a lost scenario is found'
unsaid "$dir/notes" doc/kernel-matrix.md | diff - "$dir/notes" >"$dir/said"
verdict 4 'words that are not in the table are found'
