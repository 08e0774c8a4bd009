# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The cache of kernels: what is in it, and how something is put there as a whole or
# not at all.  tools/kernels sources this file.

# The modules that scenarios may want of a kernel.  Those that they depend on are
# taken as well.
wanted_modules='fuse cuse virtiofs overlay ext4 xfs loop brd null_blk 9p
	9pnet_virtio virtio_pci virtio_console virtio_blk'

# The symbols that "list" is about.
fuse_symbols='FUSE_FS CUSE FUSE_PASSTHROUGH FUSE_IO_URING'

say() { echo "$self: $*" >&2; }

die() {
	say "$@"
	exit 99
}

# Sets $cache, $kernels and $scratch.  The last is a folder of this run inside the
# cache, so that what is made there can be renamed into place.  It is removed when
# this script ends, or, after a SIGKILL, by the next run.
cache_open() {
	local dir

	if [ -n "${FUSESCEN_CACHE:-}" ]; then
		cache=$FUSESCEN_CACHE
	elif [ -n "${XDG_CACHE_HOME:-}" ]; then
		cache=$XDG_CACHE_HOME/fusescen
	elif [ -n "${HOME:-}" ]; then
		cache=$HOME/.cache/fusescen
	else
		die 'no cache: set FUSESCEN_CACHE, XDG_CACHE_HOME or HOME'
	fi
	mkdir -p "$cache/kernels" || exit 99
	cache=$(cd "$cache" && pwd)
	kernels=$cache/kernels
	for dir in "$kernels"/.new.*; do
		[ ! -d "$dir" ] || [ -d "/proc/${dir##*.}" ] || rm -rf "$dir"
	done
	scratch=$kernels/.new.$$
	mkdir "$scratch" || exit 99
	trap 'status=$?; rm -rf "$scratch"; exit $((status ? 99 : 0))' EXIT
	trap 'exit 99' HUP INT TERM
}

# check_name NAME: what may be a folder here and a word of --kernel
check_name() {
	case $1 in
	'' | .* | -* | *[!A-Za-z0-9._+~-]*)
		die "\"$1\": a name has letters, digits and . _ + ~ - only, and" \
			'begins with no . or -' ;;
	esac
}

# publish DIR NAME: DIR becomes the kernel NAME.  rename(2) does not replace a
# folder that has something in it, so an older one steps aside first.
publish() {
	if [ -e "$kernels/$2" ]; then
		mv -T "$kernels/$2" "$scratch/old"
	fi
	mv -T "$1" "$kernels/$2"
	rm -rf "$scratch/old"
	echo "$kernels/$2: $(cat "$kernels/$2/release")," \
		"$(du -sh "$kernels/$2" | cut -f1)"
}

# plain FILE: its contents, unpacked if packed
plain() {
	case $1 in
	*.xz) xz -dc "$1" ;;
	*.zst) zstd -dcq "$1" ;;
	*.gz) gzip -dc "$1" ;;
	*) cat "$1" ;;
	esac
}

# find_module DIR NAME: the file, where - and _ are the same; fails if there is
# none
find_module() {
	local file

	file=$(find "$1" -type f -regextype posix-extended \
		-regex ".*/${2//[-_]/[-_]}\.ko(\.(xz|zst|gz))?" -print -quit)
	[ -n "$file" ] && echo "$file"
}

# module_needs FILE: the modules that must be there first
module_needs() {
	tr '\0' '\n' <"$1" | sed -n -e 's/^depends=//p' \
		-e 's/^softdep=pre: *\([^:]*\)\( post:.*\)\{0,1\}$/\1/p' |
		tr ',' ' '
}

# keep_module FROM TO NAME: copy a module, unpacked, and what it needs
keep_module() {
	local file to name

	file=$(find_module "$1" "$3") || return 0
	to=$2${file#"$1"}
	to=${to%.ko*}.ko
	[ ! -e "$to" ] || return 0
	mkdir -p "${to%/*}"
	plain "$file" >"$to"
	for name in $(module_needs "$to"); do
		keep_module "$1" "$2" "$name"
	done
}

# keep_modules FROM TO: what we want of a modules folder
keep_modules() {
	local name

	[ -d "$1" ] || die "$1: no such folder"
	mkdir -p "$2"
	for name in $wanted_modules; do
		keep_module "$1" "$2" "$name"
	done
	[ ! -f "$1/modules.builtin" ] || cp "$1/modules.builtin" "$2/"
}

# number FILE OFFSET SIZE: an unsigned number, as the machine writes it
number() { od -An -t"u$3" -j"$2" -N"$3" "$1" | tr -d ' '; }

# image_release FILE: what uname -r will say.  A bzImage has "HdrS" at 0x202
# and at 0x20e where its version is, less 0x200 (Documentation/arch/x86/boot.rst
# of the kernel); any other image is searched for its banner.
image_release() {
	if [ "$(dd if="$1" bs=1 skip=514 count=4 2>/dev/null | tr -d '\0')" = HdrS ]; then
		tail -c +$(($(number "$1" 526 2) + 513)) "$1" | head -c 128 |
			tr '\0' '\n' | sed -n '1s/ .*//p'
	else
		grep -aom1 'Linux version [0-9][^ ]*' "$1" |
			sed -n '1s/.* //p'
	fi || true
}

# put_image FILE DIR: the kernel itself and its release
put_image() {
	local release

	[ -r "$1" ] || die "$1: cannot be read"
	release=$(image_release "$1")
	[ -n "$release" ] || die "$1: no kernel, or of a kind that says no version"
	case $(head -c 4 "$1" | tr -d '\0') in
	*ELF) cp "$1" "$2/vmlinux" ;;
	*) cp "$1" "$2/vmlinuz" ;;
	esac
	echo "$release" >"$2/release"
}

command_add() {
	local name=${1:-} image=${2:-} modules=${3:-} new=$scratch/kernel config

	[ $# -ge 2 ] && [ $# -le 3 ] || wrong_usage
	check_name "$name"
	mkdir "$new"
	put_image "$image" "$new"
	image=$(readlink -f "$image")
	if [ -n "$modules" ]; then
		modules=$(readlink -f "$modules")
		keep_modules "$modules" "$new/modules"
	fi
	for config in "${image%/*}/config-$(cat "$new/release")" \
		"$modules/config" "${image%/*}/config"; do
		[ -f "$config" ] || continue
		cp "$config" "$new/config"
		break
	done
	echo "added from $image" >"$new/origin"
	publish "$new" "$name"
}

command_remove() {
	local name

	[ $# -gt 0 ] || wrong_usage
	for name; do
		check_name "$name"
		[ -d "$kernels/$name" ] || die "\"$name\" is not in the cache"
	done
	for name; do
		mv -T "$kernels/$name" "$scratch/old"
		rm -rf "$scratch/old"
	done
}

# symbol DIR SYMBOL: yes, module, no, or ? where no configuration says it
symbol() {
	if [ ! -f "$1/config" ]; then
		echo '?'
		return
	fi
	case $(sed -n "s/^CONFIG_$2=//p" "$1/config") in
	y) echo yes ;;
	m)
		case $2 in FUSE_FS) set -- "$1" fuse ;; CUSE) set -- "$1" cuse ;; esac
		if find_module "$1/modules" "$2" >/dev/null 2>&1; then
			echo module
		else
			echo no
		fi
		;;
	*) echo no ;;
	esac
}

# Newest first, by what uname -r says.
list_cached() {
	local dir format='  %-28s %-7s %-7s %-12s %-9s %s\n' name

	echo "in $kernels:"
	# shellcheck disable=SC2059
	printf "$format" NAME FUSE CUSE PASSTHROUGH IO_URING ORIGIN
	for dir in "$kernels"/*/; do
		[ -f "$dir/release" ] || continue
		echo "$(cat "$dir/release") $(basename "$dir")"
	done | sort -rV | while read -r _ name; do
		dir=$kernels/$name
		# shellcheck disable=SC2059,SC2046
		printf "$format" "$name" $(for s in $fuse_symbols; do symbol "$dir" "$s"; done) \
			"$(head -n 1 "$dir/origin" 2>/dev/null)"
	done
}

command_list() {
	local all=

	case $*:$# in
	:0) ;;
	-a:1 | --all:1) all=all ;;
	*) wrong_usage ;;
	esac
	list_cached
	echo
	list_offered "$all"
}
