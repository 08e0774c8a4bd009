#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The site is built, every link on it leads somewhere, and the search knows headings.
cd "$srcdir" || exit 99
for tool in mandoc cmark-gfm; do
	command -v $tool >/dev/null && continue
	echo "1..0 # SKIP no $tool"
	exit
done
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
echo 1..5
n=0
result() { # result TEXT BAD
	n=$((n + 1))
	[ -z "$2" ] && echo "ok $n - $1" && return
	echo "not ok $n - $1"
	echo "$2" | head -20 | sed 's/^/# /'
}
# links DIR: those that lead nowhere
links() {
	(cd "$1" && grep -ohE ' id="[^"]+"' -H *.html | sed 's/: id="/#/; s/"$//' |
		sort -u >"$dir/ids"
	for page in *.html; do
		grep -oE ' href="[^"]+"' "$page" | sed 's/^ href="//; s/"$//; s/&amp;/\&/g' |
			grep -vE '^(https?|mailto):' | sort -u | while read -r to; do
				case $to in
				\#*) grep -qxF "$page$to" "$dir/ids" ;;
				*\#*) grep -qxF "$to" "$dir/ids" ;;
				*) [ -e "$to" ] ;;
				esac || echo "$page: $to"
			done
	done)
}
made=$dir/made
mkdir -p "$made/doc"
"$builddir/tools/protocol" doc/fusescen-protocol.7.in >"$made/doc/fusescen-protocol.7" || exit 99
for page in scenarios coverage; do
	"$builddir/tools/catalogue" $page scenarios >"$made/doc/$page.md" 2>/dev/null
done
result 'the site is built' "$(sh tools/site "$dir/site" "$made" 2>&1 || echo failed)"
result 'every link leads somewhere' "$(links "$dir/site")"
result '... else it would be noticed' "$(cp -r "$dir/site" "$dir/other"
	rm "$dir/other/NEWS.html"
	sed -i 's/id="EXIT_STATUS"//' "$dir/other/fusescen.1.html"
	links "$dir/other" | grep -q 'NEWS.html' && links "$dir/other" |
		grep -qx 'fusescen.1.html: #EXIT_STATUS' || echo 'it is not')"
result 'a page for each manual' "$(for page in doc/*.[1-8]; do
	[ -s "$dir/site/${page##*/}.html" ] || echo "$page"; done)"
result 'the search has their headings' "$(grep -qxF \
	'["fusescen.1.html","EXIT_STATUS","EXIT STATUS"],' "$dir/site/index.js" || echo no)"
