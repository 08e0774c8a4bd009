#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual has every word the program has: names of the language's tables,
# options (both ways), public functions.
cd "$srcdir" || exit 99
echo 1..19
pages=$(mktemp -d) || exit 99
trap 'rm -r "$pages"' EXIT
protocol=$pages/fusescen-protocol.7
"$builddir/tools/protocol" doc/fusescen-protocol.7.in >"$protocol" || exit 99
n=0
result() { # result TEXT MISSING
	n=$((n + 1))
	[ -z "$2" ] && echo "ok $n - $1" && return
	echo "not ok $n - $1"
	echo "$2" | sed 's/^/# missing: /'
}
absent() { # absent FILE...: words on standard input that no FILE has
	while read -r word; do
		grep -qwF -e "$word" "$@" || echo "$word"
	done
}
words() { # words TOPIC
	list=$("$FUSESCEN" list "$1" | cut -f1)
	echo "${list:-(the list is empty)}"
}

for topic in calls notify checks steps needs hazards trace settings limits; do
	result "fusescen-scenario(5) has all $topic" \
		"$(words $topic | absent doc/fusescen-scenario.5)"
done
result 'fusescen(1) has all that a run takes of the machine' \
	"$(words environment | absent doc/fusescen.1)"
result '... with their values' "$("$FUSESCEN" list limits |
	while IFS='	' read -r name value _; do
		grep -qxF ".It Ic $name , No $value" doc/fusescen-scenario.5 ||
			echo "$name $value"
	done)"
for topic in ops notify; do
	result "fusescen-protocol(7) has all $topic" \
		"$(words $topic | absent "$protocol")"
done
result 'one of both has all flags' \
	"$(words flags | absent doc/fusescen-scenario.5 "$protocol")"
result 'fusescen-protocol(7) has a title for each operation' \
	"$(words ops | while read -r op; do grep -qx ".Ss $op" "$protocol" || echo "$op"; done)"

{
	"$FUSESCEN" --help
	for command in run explore minimize export import record matrix serve attach ctl bench mutate check list doctor schema; do "$FUSESCEN" $command --help; done
} | grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' | tr -d ' ' | tr ',' '\n' |
	sed 's/^-//' | sort -u >"${TMPDIR:-/tmp}/options.$$"
grep -oE 'Fl -?[a-zA-Z][a-z-]*' doc/fusescen.1 | sed 's/^Fl //' |
	sort -u >"${TMPDIR:-/tmp}/manual.$$"
result 'fusescen(1) has all options' \
	"$(comm -23 "${TMPDIR:-/tmp}/options.$$" "${TMPDIR:-/tmp}/manual.$$")"
result 'fusescen(1) has no others' \
	"$(comm -13 "${TMPDIR:-/tmp}/options.$$" "${TMPDIR:-/tmp}/manual.$$")"
rm -f "${TMPDIR:-/tmp}/options.$$" "${TMPDIR:-/tmp}/manual.$$"

result 'fusescen-api(3) has all functions' \
	"$(grep -oE 'fusescen_[a-z_]+;' lib/fusescen.map | tr -d ';' | absent doc/fusescen-api.3)"

if ! command -v mandoc >/dev/null; then
	echo "ok 18 - mandoc has no complaints # SKIP no mandoc"
else
	result 'mandoc has no complaints' \
		"$(mandoc -Tlint -Wwarning $(ls doc/*.[1-8] | grep -v protocol) "$protocol" 2>&1)"
fi
