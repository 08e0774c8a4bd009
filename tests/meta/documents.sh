#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No document names what does not exist.  What stands between backquotes, and the
# commands in blocks, are taken apart: paths are those of this tree, commands and
# options those of the program, targets those of the Makefile, and any other word
# occurs in the sources.  In manuals, other pages, paths and options exist.
cd "$srcdir" || exit 99
LC_ALL=C
export LC_ALL
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
echo 1..4

# What documents call by its name although it is none of ours.
foreign='fuse_reverse_inval_inode faccessat2 nodev'

# --- What there is --------------------------------------------------------------

top='lib fusescen scenarios bench explore tests doc tools packaging LICENSES'
# shellcheck disable=SC2086
{
	find $top .ci -type d | sed 's/$/\//'
	find $top .ci README.md CONTRIBUTING.md NEWS SECURITY.md Makefile.am configure.ac sources.mk -type f
	# Programs, and pages that are made.
	sed -n -e 's/^\t\([^.$]*\) \\$/\1/p' -e 's/^bin_PROGRAMS += //p' sources.mk fusescen/local.mk
	grep -oE 'doc/[a-z0-9.-]+' doc/local.mk
	echo configure		# the tarball has it
} >"$dir/paths"
# shellcheck disable=SC2086
{
	grep -rhoE --exclude=documents.sh '[A-Za-z_][A-Za-z0-9_]*' lib fusescen tools \
		tests .ci Makefile.am configure.ac
	echo $foreign | tr ' ' '\n'
} | sort -u >"$dir/words"
{
	printf '%s\n' all check install uninstall dist distcheck
	sed -nE 's/^([a-z][a-z-]*):.*/\1/p' Makefile.am
} >"$dir/targets"
"$FUSESCEN" --help | sed -nE 's/^  ([a-z]+) .*/\1/p' | while read -r command; do
	echo "$command"
	"$FUSESCEN" "$command" --help | grep -oE -e '--?[a-zA-Z][a-z-]*' | sed "s/^/$command /"
done >"$dir/commands"

# --- What is said ----------------------------------------------------------------

# spans FILE...: "FILE: TEXT" for what stands between backquotes, and "FILE! LINE"
# for the lines of blocks that begin with a command of ours
spans() {
	awk '
	FNR == 1 { in_block = 0; rest = "" }
	/^ *```/ { in_block = !in_block; next }
	in_block { next }
	/^    / {
		sub(/^ *(\$ )?/, "")
		sub(/ +#.*/, "")
		if (/^(fusescen|make|man|\.\/|tools\/)/) print FILENAME "! " $0
		next
	}
	{	# a span may go over the end of a line
		line = rest $0; rest = ""
		while (match(line, /`[^`]*`/)) {
			print FILENAME ": " substr(line, RSTART + 1, RLENGTH - 2)
			line = substr(line, RSTART + RLENGTH)
		}
		if (line ~ /`/) { sub(/^[^`]*/, "", line); rest = line " " }
	}' "$@"
}

# unknown: the lines of standard input that name something that is not there
unknown() {
	awk -v dir="$dir" '
	function load(name, set,	line) {
		while ((getline line < (dir "/" name)) > 0) set[line] = 1
	}
	# A regular expression for a name in which X, FILE and the like stand for any.
	function as_pattern(name,	pattern, before, after) {
		gsub(/[.+$(){}^|]/, "\\\\&", name)
		gsub(/\*/, "[^/]*", name)
		while (match(name, /[A-Z]+/)) {
			before = RSTART > 1 ? substr(name, RSTART - 1, 1) : "/"
			after = substr(name, RSTART + RLENGTH, 1)
			pattern = pattern substr(name, 1, RSTART - 1) \
				(before after ~ /[A-Za-z0-9]/ ? substr(name, RSTART, RLENGTH) : "[^/]*")
			name = substr(name, RSTART + RLENGTH)
		}
		return pattern name
	}
	function has_path(name, whole,	path, pattern) {
		sub(/^\.\//, "", name)
		if (name in paths || name "/" in paths) return 1
		pattern = (whole ? "^" : "(^|/)") as_pattern(name) "/?$"
		for (path in paths) if (path ~ pattern) return 1
		return 0
	}
	function has_word(word,	pattern, w) {
		if (word in words || word ~ /^[A-Z]+$/) return 1
		if (word !~ /_[A-Z]+$/) return 0
		pattern = "^" as_pattern(word) "$"
		for (w in words) if (w ~ pattern) return 1
		return 0
	}
	function bad_words(text,	n, i, list) {
		n = split(text, list, /[^A-Za-z0-9_]+/)
		for (i = 1; i <= n; i++)
			if (list[i] ~ /^[A-Za-z_]/ && !has_word(list[i])) return list[i]
		return ""
	}
	# Which part of a command line is wrong: w[first] is a command of fusescen.
	function bad_command(w, first, n,	i) {
		if (!(w[first] in commands)) return w[first]
		for (i = first + 1; i <= n && w[i] != "--"; i++)
			if (w[i] ~ /^-/ && !((w[first] " " w[i]) in commands)) return w[i]
		return ""
	}
	function bad(text, is_block,	w, n, i, why) {
		n = split(text, w, " ")
		if (w[1] ~ /^(fusescen\/)?fusescen$/ && n > 1 && w[2] !~ /^-/)
			why = bad_command(w, 2, n)
		else if (n > 1 && w[1] in commands && w[2] ~ /^-/)
			why = bad_command(w, 1, n)
		else if (w[1] == "make") {
			for (i = 2; i <= n; i++)
				if (w[i] !~ /[=-]/ && !(w[i] in targets)) return w[i]
		}
		if (why != "") return why
		for (i = 1; i <= n; i++) {
			sub(/^TESTS=/, "", w[i])
			if (w[i] ~ /^[<"\/]/ || w[i] ~ /^(fs|mnt)\//) continue
			if (w[i] ~ /^[^(){}:]*\/[^(){}:]*$/ || w[i] ~ /^[A-Za-z-]+\.(md|mk|map|[ch]|sh|err|expected)$/) {
				if (!has_path(w[i], is_block)) return w[i]
			} else if (!is_block && w[1] !~ /^(fusescen|make|man|cat|echo)$/ &&
				(why = bad_words(w[i])) != "")
				return why
		}
		return ""
	}
	BEGIN {
		load("paths", paths); load("words", words)
		load("targets", targets); load("commands", commands)
	}
	{
		at = match($0, /[:!] /)
		why = bad(substr($0, at + 2), substr($0, at, 1) == "!")
		if (why != "") print $0 " (" why ")"
	}'
}

result() { # result N TEXT BAD
	[ -z "$3" ] && echo "ok $1 - $2" && return
	echo "not ok $1 - $2"
	echo "$3" | sed 's/^/# /'
}

# lost FILE...: links of Markdown to what is not there
lost() {
	for file; do
		grep -oE '\]\([^)#:]+\)' "$file" | tr -d '[]()' | while read -r name; do
			[ -e "${file%"${file##*/}"}$name" ] || echo "$file: $name"
		done
	done
}

others=$("$FUSESCEN" --help; tools/kernels --help; tools/review --help)

# wrong FILE...: what manuals name and is not there
wrong() {
	awk '$1 == ".Xr" && $2 ~ /^fusescen/ { print FILENAME, $2 "." $3 }' "$@" |
		while read -r file page; do
			grep -qxF -e "doc/$page" -e "doc/$page.in" "$dir/paths" ||
				echo "$file: no manual $page"
		done
	grep -HoE "^\.Pa ($(echo "$top" | tr ' ' '|'))/[^ ]*" "$@" | sed 's/:\.Pa / /' |
		while read -r file name; do
			grep -qxF -e "$name" "$dir/paths" || echo "$file: no file $name"
		done
	grep -HoE 'Fl -[a-z][a-z-]*' "$@" | sed 's/:Fl / -/' |
		while read -r file option; do
			grep -q -e " $option\$" "$dir/commands" || echo "$others" | grep -qwF -e "$option" ||
				echo "$file: no option $option"
		done
	grep -HoE '^\.Fn fusescen_[a-z_]*' "$@" | sed 's/:\.Fn / /' |
		while read -r file name; do
			grep -qw "$name" lib/fusescen.map || echo "$file: no function $name"
		done
}

documents='README.md CONTRIBUTING.md doc/HACKING.md doc/DESIGN.md doc/GLOSSARY.md'
# shellcheck disable=SC2086
result 1 'commands, paths and words of documents exist' "$(spans $documents | unknown)"
# shellcheck disable=SC2086
result 2 'links of documents lead somewhere' "$(lost $documents)"
result 3 'what manuals name exists' "$(wrong doc/*.[1-8] doc/*.in)"

# That it can say no.
cd "$dir" || exit 99
cat >page.md <<'END'
`lib/base/buf.c` is there, `lib/base/bluff.c` is not; neither is `bluff.h`; but `base/buf.h`
is, and `tests/meta/X.sh`, though not `tests/meta/X.perl`. `fusescen
run --jobs 2` and `fusescen ruin`; `run --jobs` and `run --joys`; `xcalloc()`, `xcalloc_twice()`
and `enum event_kind`; `make check` and `make love`.

    $ fusescen run --repeat 2 FILE     # not looked at
    fusescen/fusescen run --repeal 2 FILE
    make check TESTS=scenarios/none/none.yaml
    anything else

See [page](page.md) and [paper](paper.md).
END
cat >page.1 <<'END'
.Xr fusescen 1 and
.Xr fusescen 2 ,
.Pa doc/HACKING.md
.Pa doc/HIKING.md
.Op Fl -jobs Ar n
.Op Fl -joys Ar n
.Fn fusescen_load "const char *path"
.Fn fusescen_unload
END
{
	spans page.md | (cd "$srcdir" && unknown)
	lost page.md
	(cd "$srcdir" && wrong "$dir/page.1") | sed "s|^$dir/||"
} >said
result 4 'what does not exist is found' "$(diff - said <<'END'
page.md: lib/base/bluff.c (lib/base/bluff.c)
page.md: bluff.h (bluff.h)
page.md: tests/meta/X.perl (tests/meta/X.perl)
page.md: fusescen ruin (ruin)
page.md: run --joys (--joys)
page.md: xcalloc_twice() (xcalloc_twice)
page.md: make love (love)
page.md! fusescen/fusescen run --repeal 2 FILE (--repeal)
page.md! make check TESTS=scenarios/none/none.yaml (scenarios/none/none.yaml)
page.md: paper.md
page.1: no manual fusescen.2
page.1: no file doc/HIKING.md
page.1: no option --joys
page.1: no function fusescen_unload
END
)"
