# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Small kernels from source: tinyconfig, and on top of it what scenarios need.
# Sourced by tools/kernels.

# Each line: a command or a header that must be there, its package in Debian, and
# its package in Fedora.
build_needs='gcc gcc gcc
make make make
ld binutils binutils
flex flex flex
bison bison bison
bc bc bc
libelf.h libelf-dev elfutils-libelf-devel'

has_tool() {
	case $1 in
	*.h) gcc -E - <<<"#include <$1>" >/dev/null 2>&1 ;;
	*) command -v "$1" >/dev/null ;;
	esac
}

# check_tools [LINE...]: of the form above
check_tools() {
	local word debian fedora missing='' packages=''

	while read -r word debian fedora; do
		! has_tool "$word" || continue
		missing="$missing $word"
		if command -v apt-get >/dev/null; then
			packages="$packages $debian"
		else
			packages="$packages $fedora"
		fi
	done < <(printf '%s\n' "$build_needs" "$@")
	[ -n "$missing" ] || return 0
	say "cannot build: missing:$missing"
	if command -v apt-get >/dev/null; then
		die "install: apt-get install$packages"
	elif command -v dnf >/dev/null; then
		die "install: dnf install$packages"
	fi
	exit 99
}

# Fixed, so that equal sources give equal kernels.
kmake() {
	make -s -C "$work/tree" O="$objects" LOCALVERSION="-$name" \
		KBUILD_BUILD_TIMESTAMP='1970-01-01' KBUILD_BUILD_USER=fusescen \
		KBUILD_BUILD_HOST=fusescen "$@" </dev/null
}

# wanted FILE...: "SYMBOL VALUE" for all symbols; the last line about one counts
wanted() {
	sed -nE -e 's/^CONFIG_([A-Z0-9_]+)=(.*)/\1 \2/p' \
		-e 's/^# CONFIG_([A-Z0-9_]+) is not set/\1 n/p' "$@" |
		awk '{ k = $1; sub(/^[^ ]+ /, ""); v[k] = $0 } END { for (k in v) print k, v[k] }' |
		sort
}

# report_dropped FILE...: a symbol that was asked for and is not there would be
# a silent hole in every scenario that needs it
report_dropped() {
	local key value got

	while read -r key value; do
		got=$(sed -n "s/^CONFIG_$key=//p" "$objects/.config")
		[ "${got:-n}" = "$value" ] ||
			say "$key is ${got:-n}, not $value: this kernel has no such symbol, or it depends on another"
	done < <(wanted "$@")
}

# configure FILE...: anew only when the fragments, or any Kconfig file, changed
configure() {
	local stamp=$objects/.configured

	cat "$@" >"$scratch/fragments"
	if cmp -s "$scratch/fragments" "$stamp" && [ -z "$(find "$work/tree" \
		-name 'Kconfig*' -newer "$stamp" -print -quit)" ]; then
		return
	fi
	kmake tinyconfig >/dev/null || die "$source: tinyconfig fails"
	(cd "$objects" && "$work/tree/scripts/kconfig/merge_config.sh" \
		-m -O . .config "$scratch/fragments") >/dev/null
	kmake olddefconfig >/dev/null || die "$source: olddefconfig fails"
	report_dropped "$scratch/fragments"
	mv "$scratch/fragments" "$stamp"
}

# Sets what the options say: $name, $from, $patches, $fragments, $extra_needs,
# $jobs, and $files, the words behind the name.
build_options() {
	name='' from='' jobs=$(nproc) patches=() extra_needs=() files=()
	fragments=("$parts/base.config")
	while [ $# -gt 0 ]; do
		case $1 in
		--kasan) set -- --debug kasan "${@:2}" ;;
		-j?*) set -- -j "${1#-j}" "${@:2}" ;;
		--source | --patch | --config | --debug | -j)
			[ $# -gt 1 ] || die "$1: needs a value" ;;
		-*) die "$1: no such option: --source, --patch, --config, --debug, --kasan, -j" ;;
		*)
			if [ -z "$name" ]; then name=$1; else files+=("$1"); fi
			shift
			continue
			;;
		esac
		case $1 in
		--source) from=$2 ;;
		--patch) patches+=("$2") ;;
		--config) fragments+=("$2") ;;
		-j) jobs=$2 ;;
		*)
			[ -f "$parts/debug-$2.config" ] ||
				die "--debug $2: no such word: lockdep, kasan, btf"
			fragments+=("$parts/debug-$2.config")
			[ "$2" != btf ] || extra_needs+=('pahole pahole dwarves')
			;;
		esac
		shift 2
	done
	[ -n "$name" ] || die "$command: needs a name for the kernel"
	check_name "$name"
	[ -n "$from" ] || die "$command: needs --source: a kernel tree, or linux-source-VERSION"
	case $jobs in '' | 0 | *[!0-9]*) die "-j $jobs: not a number" ;; esac
	[ ${#patches[@]} -eq 0 ] || extra_needs+=('patch patch patch')
}

# One line on how it was made.
build_origin() {
	local word

	printf 'built from %s' "${source#"$cache/source/"}"
	for word in "${fragments[@]:1}"; do
		word=${word##*/}
		word=${word#debug-}
		printf ' + %s' "${word%.config}"
	done
	for word in "${patches[@]}"; do printf ' + %s' "${word##*/}"; done
	echo
}

# The tree is there, with the patches, and configured.
build_prepare() {
	local file

	[ "$(uname -m)" = x86_64 ] || die "$command: knows x86-64 only"
	check_tools "${extra_needs[@]}"
	for file in "${fragments[@]}"; do
		[ -r "$file" ] || die "$file: cannot be read"
	done
	source_open "$from"
	sync_tree
	apply_patches "${patches[@]}"
	objects=$work/objects-$(cat "${fragments[@]}" | cksum | cut -d ' ' -f 1)
	mkdir -p "$objects"
	configure "${fragments[@]}"
}

# build_kernel DIR: the kernel goes there
build_kernel() {
	kmake -j"$jobs" bzImage || die "$name: does not build"
	put_image "$objects/arch/x86/boot/bzImage" "$1"
	cp "$objects/.config" "$1/config"
}

command_build() {
	local new=$scratch/kernel

	build_options "$@"
	[ ${#files[@]} -eq 0 ] || die "\"${files[0]}\": only one name"
	build_prepare
	mkdir "$new"
	build_kernel "$new"
	build_origin >"$new/origin"
	publish "$new" "$name"
}
