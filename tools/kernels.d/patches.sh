# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# What is to be reviewed, as one patch: mails, diffs and ranges of commits become a
# series, which is applied to copies of the files that it names.  tools/review sources
# this file.
#
# SCRATCH/series/NNN.patch	the patches one by one, NNN.title, NNN.from
# SCRATCH/a, SCRATCH/b		the files before the series, and after it
# SCRATCH/whole.patch		what the series does as a whole; its lines are those
#				of the patched tree
# SCRATCH/back.patch		takes it away again, if the tree has it already

is_mail() { head -n 20 "$1" | grep -qiE '^(From |From:|Subject:|Message-ID:)'; }

has_diff() { grep -qE '^(--- |rename from |diff --git )' "$1"; }

# add_patch FILE TITLE FROM: the next of the series
add_patch() {
	n_patches=$((n_patches + 1))
	printf -v next '%s/series/%03d' "$scratch" "$n_patches"
	tr -d '\r' <"$1" >"$next.patch"
	printf '%s\n' "$2" >"$next.title"
	printf '%s\n' "$3" >"$next.from"
}

# add_mails FILE: mails without a diff, such as cover letters, are no part of it
add_mails() {
	local mails=$scratch/mails mail title

	rm -rf "$mails"
	mkdir "$mails"
	git mailsplit -b -o"$mails" -- "$1" >/dev/null 2>&1 || die "$1: not a mailbox"
	for mail in "$mails"/*; do
		git mailinfo -k --encoding=UTF-8 "$scratch/message" "$scratch/diff" \
			<"$mail" >"$scratch/info" 2>/dev/null || continue
		has_diff "$scratch/diff" || continue
		title=$(sed -n 's/^Subject: //p' "$scratch/info")
		add_patch "$scratch/diff" "${title:-${1##*/}}" "$1"
	done
}

# add_range WORD: commits of the tree, from git
add_range() {
	local words=("$1")

	case $1 in *..*) ;; *) words=(-1 "$1") ;; esac
	git -C "$source" rev-parse --git-dir >/dev/null 2>&1 ||
		die "$1: no such file, and $source is not in git"
	git -C "$source" -c diff.noprefix=false -c core.quotePath=false format-patch \
		-k --no-signature --no-renames --stdout "${words[@]}" \
		>"$scratch/range" 2>"$scratch/range.err" ||
		die "$1: neither a file nor a range of commits in $source"
	add_mails "$scratch/range"
}

# read_series WORD...: fills SCRATCH/series
read_series() {
	local word before

	n_patches=0
	mkdir "$scratch/series"
	for word; do
		before=$n_patches
		case $word in
		-) cat >"$scratch/stdin" ;;
		*) [ ! -e "$word" ] || [ -r "$word" ] || die "$word: cannot be read" ;;
		esac
		[ ! -d "$word" ] || die "$word: a directory"
		if [ "$word" = - ]; then
			add_file "$scratch/stdin" 'standard input'
		elif [ -e "$word" ]; then
			add_file "$word" "$word"
		else
			add_range "$word"
		fi
		[ "$n_patches" -gt "$before" ] || die "$word: no patch in it"
	done
}

# add_file FILE NAME
add_file() {
	if is_mail "$1"; then
		add_mails "$1"
	elif has_diff "$1"; then
		add_patch "$1" "${2##*/}" "$2"
	fi
}

# copy_named FROM TO: the files that the series names and that are there
copy_named() {
	local file

	mkdir -p "$2"
	while read -r file; do
		[ -f "$1/$file" ] || continue
		(cd "$1" && cp --parents -- "$file" "$2")
	done <"$scratch/named"
}

# patch_all DIR [-R]: applies the series, or takes it back, last patch first.
# Fails at the first that does not fit; $failed is then its number.
patch_all() {
	local dir=$1 order i

	order=$(seq 1 "$n_patches")
	[ $# -eq 1 ] || order=$(seq "$n_patches" -1 1)
	for i in $order; do
		failed=$i
		patch -d "$dir" -p1 --force --silent --no-backup-if-mismatch \
			--reject-file=- "${@:2}" <"$(printf '%s/series/%03d.patch' "$scratch" "$i")" \
			>"$scratch/patch.out" 2>&1 || return
	done
	failed=
}

# diff_trees OLD NEW >PATCH
diff_trees() {
	(cd "$scratch" && diff -ruN "$1" "$2") || [ $? = 1 ]
}

# Sets $is_there: the tree has the series already, so that "before" is without it.
apply_series() {
	patch_names "$scratch"/series/*.patch >"$scratch/named"
	! grep -qE '(^|/)\.\.(/|$)|^/' "$scratch/named" || die 'a patch names files outside of the tree'
	grep -qE '^fs/fuse/' "$scratch/named" ||
		die 'this touches nothing in fs/fuse, which is all that scenarios look at'
	copy_named "$source" "$scratch/a"
	copy_named "$source" "$scratch/b"
	is_there=
	if patch_all "$scratch/b"; then
		diff_trees a b >"$scratch/whole.patch"
	else
		cp "$scratch/patch.out" "$scratch/forward.out"
		forward=$failed
		rm -r "$scratch/b"
		copy_named "$source" "$scratch/b"
		patch_all "$scratch/a" -R || refuse_patch "$forward"
		is_there=1
		diff_trees a b >"$scratch/whole.patch"
		diff_trees b a >"$scratch/back.patch"
	fi
	[ -s "$scratch/whole.patch" ] || die 'together, these patches change nothing'
}

# refuse_patch N: it does not apply
refuse_patch() {
	local next

	printf -v next '%s/series/%03d' "$scratch" "$1"
	grep -vE '^(\||---|The text leading up)' "$scratch/forward.out" |
		head -n 20 | sed 's/^/  /' >&2
	die "patch $1 of $n_patches, \"$(cat "$next.title")\": does not apply to $source"
}
