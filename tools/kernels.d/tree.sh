# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The tree that a kernel is built from: a copy of the source, which itself is
# never changed, with patches applied.  Sourced by tools/kernels.
#
# Kbuild rebuilds what is newer than its object, or is compiled by another
# command; the path of the tree is part of the command.  So all builds of one
# source use one copy, in which exactly those files are written, and become
# new, whose contents have to change: patched, unpatched or edited.
#
# CACHE/build/ID/tree		the copy
# CACHE/build/ID/manifest	every file of the source when it was last
#				copied, with size and time
# CACHE/build/ID/patched	files in which the copy may differ from it
# CACHE/build/ID/objects-*	one for each configuration

is_kernel_tree() { [ -f "$1/Makefile" ] && [ -f "$1/fs/fuse/inode.c" ]; }

# fetch_source PACKAGE: sets $source to what is in it.  What was fetched stays:
# "before" and "after" are then of one source.
fetch_source() {
	local package=$1 root=$scratch/root archive dir

	for source in "$cache/source/$package"_*; do
		[ ! -d "$source" ] || return 0
	done
	apt_open
	[ -n "$(apt_names "$package")" ] || {
		say "\"$package\": neither a kernel tree nor a source package; there are:"
		apt_names 'linux-source-[0-9.]*' | sort -rV | sed 's/^/  /' >&2
		exit 99
	}
	say "downloading $package"
	apt_download "$root" "$package" || die "$package: cannot be downloaded"
	apt_close
	archive=$(find "$root/usr/src" -name 'linux-source-*.tar.*' -type f -print -quit)
	[ -n "$archive" ] || die "$package: has no source in it"
	source=$cache/source/${package}_$(zcat "$root/usr/share/doc/$package"/changelog*.gz |
		sed -n '1s/.*(\(.*\)).*/\1/p')
	mkdir -p "$scratch/source" "$cache/source"
	say "unpacking ${archive##*/}"
	tar -xf "$archive" -C "$scratch/source"
	dir=$(find "$scratch/source" -mindepth 1 -maxdepth 1 -type d)
	is_kernel_tree "$dir" || die "$package: its archive is no kernel tree"
	mv -T "$dir" "$source"
	rm -rf "$root"
}

# source_find DIR|PACKAGE: sets $source and $work
source_find() {
	case $1 in
	*/* | . | ..)
		is_kernel_tree "$1" || die "$1: not a kernel tree" ;;
	[0-9]*) set -- "linux-source-$1" ;;
	esac
	if is_kernel_tree "$1"; then
		source=$(cd "$1" && pwd -P)
		work=$cache/build/${source##*/}-$(echo "$source" | cksum | cut -d ' ' -f 1)
	else
		check_name "$1"
		fetch_source "$1"
		work=$cache/build/${source##*/}
	fi
}

# The same, and holds a lock on $work.
source_open() {
	source_find "$1"
	mkdir -p "$work"
	exec {work_lock}>"$work/lock"
	flock -n "$work_lock" || {
		say "waiting for another build of $source"
		flock "$work_lock"
	}
}

# source_files: the names of the source's files, NUL behind each.  In git these
# are the ones it does not ignore; else all but what a build leaves behind.
source_files() {
	cd "$source" || exit 99
	if [ -e .git ] && git ls-files -z -co --exclude-standard 2>/dev/null; then
		return
	fi
	find . \( -path ./.git -o -path ./include/config -o -path ./include/generated \
		-o -path './arch/*/include/generated' \) -prune -o \
		! -type d ! -name '*.o' ! -name '*.a' ! -name '*.ko' ! -name '.*.cmd' \
		! -name '*.mod' ! -name '*.mod.c' ! -name '.config*' \
		! -path './vmlinux*' -printf '%P\0'
}

manifest() {
	source_files | (cd "$source" && xargs -0 stat --printf '%n\t%s %.9Y\n' 2>/dev/null || true) |
		LC_ALL=C sort
}

# copy_files LIST: from the source into the copy, all with the present time.
# tar does not write into a file that is there, but replaces it: the copy may
# be made of hard links.
copy_files() {
	tar -C "$source" --no-recursion -cf - -T "$1" | tar -C "$work/tree" -xmf -
}

# Make the copy follow the source.
sync_tree() {
	local tab=$'\t'

	mkdir -p "$work/tree"
	manifest >"$scratch/manifest"
	if [ ! -f "$work/manifest" ]; then
		rm -rf "$work/tree" "$work/patched"
		case $source in
		"$cache"/*) cp -al "$source" "$work/tree" ;;
		*)
			mkdir "$work/tree"
			cut -d "$tab" -f 1 "$scratch/manifest" >"$scratch/changed"
			copy_files "$scratch/changed"
			;;
		esac
	else
		LC_ALL=C comm -13 "$work/manifest" "$scratch/manifest" |
			cut -d "$tab" -f 1 >"$scratch/changed"
		copy_files "$scratch/changed"
		LC_ALL=C comm -23 <(cut -d "$tab" -f 1 "$work/manifest") \
			<(cut -d "$tab" -f 1 "$scratch/manifest") |
			(cd "$work/tree" && xargs -r -d '\n' rm -f)
	fi
	mv "$scratch/manifest" "$work/manifest"
}

# patch_names FILE...: the files that patches name, old and new
patch_names() {
	sed -nE -e 's,^(---|\+\+\+) [^/[:space:]]+/([^[:space:]]+).*,\2,p' \
		-e 's,^rename (from|to) (.*),\2,p' "$@" | sort -u
}

# stage_patches DIR FILE...: what the patches make of the source's files
stage_patches() {
	local dir=$1 file

	shift
	mkdir "$dir"
	: >"$scratch/names"
	[ $# -gt 0 ] || return 0
	for file; do [ -r "$file" ] || die "$file: cannot be read"; done
	patch_names "$@" >"$scratch/names"
	[ -s "$scratch/names" ] || die "$*: no patch"
	# A patch that leads outside would be refused by patch(1), later.
	! grep -qE '(^|/)\.\.(/|$)|^/' "$scratch/names" || die "$*: names files outside of the tree"
	(cd "$source" && xargs -d '\n' sh -c 'for f; do [ ! -f "$f" ] || echo "$f"; done' sh) \
		<"$scratch/names" >"$scratch/there"
	tar -C "$source" -cf - -T "$scratch/there" | tar -C "$dir" -xf -
	for file; do
		patch -d "$dir" -p1 --force --silent --no-backup-if-mismatch \
			--reject-file=- <"$file" >"$scratch/patch.out" 2>&1 || {
			grep -vE '^(\||---|The text leading up)' "$scratch/patch.out" |
				sed 's/^/  /' >&2
			die "$file: does not apply to $source"
		}
	done
}

# The file of the copy becomes what it should be, unless it is.
settle_file() { # settle_file WANTED FILE
	if [ ! -f "$1" ]; then
		rm -f "$2"
	elif ! cmp -s "$1" "$2"; then
		mkdir -p "${2%/*}"
		cp --remove-destination --preserve=mode "$1" "$2"
	fi
}

# apply_patches [FILE...]: the copy becomes the source with these patches
apply_patches() {
	local stage=$scratch/stage name

	stage_patches "$stage" "$@"
	touch "$work/patched"
	sort -u "$work/patched" "$scratch/names" >"$scratch/patched"
	cp "$scratch/patched" "$work/patched"
	while read -r name; do
		if grep -qxF -e "$name" "$scratch/names"; then
			settle_file "$stage/$name" "$work/tree/$name"
		else
			settle_file "$source/$name" "$work/tree/$name"
		fi
	done <"$scratch/patched"
	mv "$scratch/names" "$work/patched"
	rm -rf "$stage"
}
