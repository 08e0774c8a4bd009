# SPDX-License-Identifier: GPL-2.0-or-later
# Which kernels of the cache a test may boot.  sh and bash can source this file; they
# have to set $FUSESCEN.

cache=${FUSESCEN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fusescen}

# An emulated machine on a busy machine is slow to answer, and not dead.
FUSESCEN_PATIENCE=${FUSESCEN_PATIENCE:-120}
export FUSESCEN_PATIENCE

# has_cuse DIR, is_debug DIR, is_own DIR: what is true of one kernel.  A kernel that
# somebody built may be the one to be judged, so tests of fusescen do not rely on it.
has_cuse() {
	grep -q '^CONFIG_CUSE=y' "$1/config" 2>/dev/null ||
		[ -n "$(find "$1/modules" -name 'cuse.ko*' 2>/dev/null)" ]
}
is_debug() {
	grep -qE '^CONFIG_(KASAN|PROVE_LOCKING)=y' "$1/config" 2>/dev/null
}
is_own() { grep -q '^built' "$1/origin" 2>/dev/null; }

is_stock() { has_cuse "$1" && ! is_own "$1" && ! is_debug "$1"; }

# kernels CONDITION: the names of the kernels for which it holds, oldest first
kernels() {
	for dir in "$cache"/kernels/*; do
		[ ! -f "$dir/release" ] || ! "$1" "$dir" ||
			echo "$(cat "$dir/release") ${dir##*/}"
	done | sort -V | cut -d' ' -f2
}

# Prints why no machine can be booted; fails if one can.
no_machine() {
	if ! command -v "${FUSESCEN_QEMU:-qemu-system-x86_64}" >/dev/null; then
		echo 'no qemu: install qemu-system-x86'
	elif [ -z "$(kernels is_stock)" ]; then
		echo "no kernel with CUSE in $cache: run tools/kernels fetch 7.2"
	elif grep -q __asan_init "$FUSESCEN"; then
		echo 'the first process of a machine cannot have a sanitizer'
	else
		false
	fi
}
