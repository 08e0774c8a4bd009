#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Manuals and documents keep to the words of doc/GLOSSARY.md: what its last table
# lists under "not" is in none of them.
cd "$srcdir" || exit 99
echo 1..2

# The words under "Words we do not use", one a line.
banned() {
	sed -n '/^## Words we do not use/,$s/^| \([a-z][^|]*[^| ]\) | .*/\1/p' doc/GLOSSARY.md |
		grep -vx not
}

found() { # found FILE...: where one of them is
	banned | while read -r word; do
		grep -HniwF -e "$word" "$@"
	done
}

bad=$(found README.md doc/*.[1-8] $(ls doc/*.md | grep -v GLOSSARY))
[ -z "$bad" ] && echo 'ok 1 - the documents keep to the glossary' || {
	echo 'not ok 1 - the documents keep to the glossary'
	echo "$bad" | sed 's/^/# /'
}

# That it can say no.
page=$(mktemp) || exit 99
trap 'rm -f "$page"' EXIT
echo 'The Filesystem end answers.' >"$page"
if [ "$(banned | wc -l)" -ge 2 ] && [ -n "$(found "$page")" ]; then
	echo 'ok 2 - a word that is not to be used is found'
else
	echo 'not ok 2 - a word that is not to be used is found'
fi
