#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Includes go down: to the own folder, or to one that the table below puts lower.
# No files include each other in a circle, and no folders.  Headers of libraries
# are for the folders that wrap them.
cd "$srcdir" || exit 99
LC_ALL=C
export LC_ALL
echo 1..6

# The floor of each folder, and the folders in it from the lowest to the highest.
# "." is the folder itself, and commas stand between those of equal height.
table='
0 lib/base
1 lib/wire
2 lib/model
3 lib/load yaml read calls,mounts,protocol checks rules steps .
3 lib/engine
3 lib/explore
4 lib/transport
5 lib/backend . cuse,memory,mirror,null
6 lib/server
6 lib/attach
6 lib/act calls .
6 lib/report
6 lib/trace
7 lib/run . conduct,serve,export api explore
7 lib/preload
8 fusescen util attach,import,report vm,matrix bench,explore,minimize,mutate,record cmd .
'

# Complaints that are known, as this test prints them.  Nothing may be added, and
# what has been put right has to go from this list.
known='
'

dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

# includes DIR: "FILE INCLUDED" for each include of a file of ours, both as paths
# from the top
includes() {
	(cd "$1" && find lib fusescen -name '*.[ch]' -exec grep -H '^#include "' {} +) |
		sed -nE '/"(config|fusescen)\.h"/d
			s/^([^:]*):#include "(fusescen\/[^"]*)".*/\1 \2/p; t
			s/^([^:]*):#include "([^"]*)".*/\1 lib\/\2/p'
}

# upward: those of standard input that do not go down
upward() {
	echo "$table" | awk '
	function folder(path) { sub(/\/[^\/]*$/, "", path); return path }
	FNR == NR {
		for (i = 3; i <= NF; i++) {
			n = split($i, parts, ",")
			for (j = 1; j <= n; j++) {
				name = parts[j] == "." ? $2 : $2 "/" parts[j]
				group[name] = $2; floor[name] = $1; height[name] = i
			}
		}
		if (NF == 2) { group[$2] = $2; floor[$2] = $1 }
		next
	}
	{
		from = folder($1); to = folder($2)
		if (from == to && from in group) next
		if (!(from in group)) why = "a folder that the table does not have"
		else if (!(to in group)) why = "of a folder that the table does not have"
		else if (group[from] == group[to]) why = height[to] < height[from] ? "" : "upward"
		else why = floor[to] < floor[from] ? "" : "upward"
		if (why != "") print $1 " includes " $2 ": " why
	}' - "$dir/includes"
}

# circles: the circles of standard input, pairs of names, a line for each
circles() {
	awk '$1 != $2' | sort -u | tsort 2>&1 >/dev/null |
		awk '/contains a loop/ { if (n++) print line; line = "circle:"; next }
			{ line = line " " $2 } END { if (n) print line }'
}

modules() { sed 's/\.[ch]\>//g' "$dir/includes"; }
folders() { sed 's/\/[^\/ ]*\( \|$\)/\1/g' "$dir/includes"; }

complaints() { # complaints DIR
	includes "$1" >"$dir/includes"
	upward
	modules | circles
	folders | circles
}

result() { # result N TEXT BAD
	[ -z "$3" ] && echo "ok $1 - $2" && return
	echo "not ok $1 - $2"
	echo "$3" | sed 's/^/# /'
}

complaints . >"$dir/said"
echo "$known" | sed '/^$/d' >"$dir/known"
result 1 'includes go down, and nowhere in a circle' "$(grep -vxFf "$dir/known" "$dir/said")"
result 2 'nothing in "known" has been put right' "$(grep -vxFf "$dir/said" "$dir/known")"

# whose HEADER: where it is included
whose() { grep -l "<$1" -r lib fusescen --include='*.[ch]'; }
result 3 'headers of libraries where they belong' "$(
	whose yaml.h | grep -v '^lib/load/yaml/'
	whose bpf/ | grep -v '^lib/trace/'
	whose jansson.h | grep -v '^fusescen/util/json\.h'
	whose fuse_lowlevel.h | grep -v '^lib/transport/fuselib\.h')"
result 4 'the command line sees only fusescen.h, base/ and load/yaml/' "$(
	grep '^fusescen/' "$dir/includes" | grep -vE ' (lib/base|lib/load/yaml|fusescen)/')"

# That it can say no: a tree with one of each.
put() { # put FILE INCLUDED...
	file=$dir/tree/$1
	shift
	mkdir -p "${file%/*}"
	for name; do echo "#include \"$name\""; done >"$file"
}
put lib/base/one.h wire/one.h
put lib/wire/one.h base/two.h
put lib/load/yaml/one.c base/two.h engine/one.h load/read/one.h
put lib/load/load.c load/yaml/one.h load/load.h engine/one.h
put lib/run/serve/one.c run/conduct/one.h run/run.h
put lib/engine/one.h engine/two.h
put lib/engine/two.c engine/three.h
put lib/engine/three.h engine/one.h
put lib/new/one.c base/one.h
put lib/act/one.c new/one.h
put fusescen/util/one.c fusescen/cmd/one.h
put fusescen/cmd/one.c base/one.h fusescen/util/one.h fusescen/vm/one.h
complaints "$dir/tree" | sort >"$dir/said"
result 5 'what goes up or round is found' "$(diff - "$dir/said" <<'END_OF_SAID'
circle: fusescen/cmd fusescen/util
circle: fusescen/cmd/one fusescen/util/one
circle: lib/base lib/wire
circle: lib/engine/one lib/engine/two lib/engine/three
fusescen/util/one.c includes fusescen/cmd/one.h: upward
lib/act/one.c includes lib/new/one.h: of a folder that the table does not have
lib/base/one.h includes lib/wire/one.h: upward
lib/load/load.c includes lib/engine/one.h: upward
lib/load/yaml/one.c includes lib/engine/one.h: upward
lib/load/yaml/one.c includes lib/load/read/one.h: upward
lib/new/one.c includes lib/base/one.h: a folder that the table does not have
lib/run/serve/one.c includes lib/run/conduct/one.h: upward
END_OF_SAID
)"

# doc/HACKING.md tells people the same order.
result 6 'the folders and their floors are those of doc/HACKING.md' "$(
	echo "$table" | awk 'NF && $2 ~ /^lib/ { print $1, $2 "/" }' | sort >"$dir/floors"
	sed -nE 's/^\| ([0-9]) \| `(lib\/[a-z]*\/)`.*/\1 \2/p' doc/HACKING.md | sort |
		diff "$dir/floors" -)"
