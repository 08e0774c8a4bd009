# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel with mutants in it, for "fusescen mutate".  mutants.py puts them into the
# files, the test of their number is mutants.h, and the number itself is a parameter
# of the kernel (mutants.c, at the end of a file that each kernel has).
# tools/kernels sources this file.

mutants_home=kernel/params.c

check_python() {
	python=
	for python in "${FUSESCEN_PYTHON:-}" /usr/bin/python3 python3; do
		[ -z "$python" ] || ! "$python" -c 'import clang.cindex' 2>/dev/null ||
			return 0
	done
	die 'cannot make mutants: no clang for Python; install: apt-get install python3-clang'
}

# Sets $files to those that get mutants.
mutated_files() {
	local file

	if [ ${#files[@]} -eq 0 ]; then
		mapfile -t files < <(cd "$work/tree" && ls fs/fuse/*.[ch])
	fi
	for file in "${files[@]}"; do
		[ -f "$work/tree/$file" ] || die "$file: no such file in $source"
	done
}

# The build has to have compiled these folders once, since their Makefile was changed:
# that says how.
compile_folders() {
	local dir

	kmake -j"$jobs" prepare || die "$name: does not build"
	for dir in $(printf '%s\n' "${files[@]}" | sed 's,/[^/]*$,,' | sort -u); do
		[ "$objects/$dir/built-in.a" -nt "$work/tree/$dir/Makefile" ] ||
			kmake -j"$jobs" "$dir/" || die "$name: $dir does not build"
	done
}

# What is to be in the copy of the source, in the folder $1.
stage_mutants() {
	mkdir -p "$1/include/linux" "$1/${mutants_home%/*}"
	cp "$parts/mutants.h" "$1/include/linux/mutants.h"
	cat "$work/tree/$mutants_home" "$parts/mutants.c.in" >"$1/$mutants_home"
	"$python" "$parts/mutants.py" "$objects" "$work/tree" "$1" "${files[@]}" ||
		die "$name: no mutants"
	mv "$1/mutants" "$scratch/mutants"
}

# The next build finds these files in the list of patched ones.
settle_mutants() {
	local file

	(cd "$1" && find . -type f -printf '%P\n') >"$scratch/mutated"
	sort -u "$work/patched" "$scratch/mutated" >"$scratch/patched"
	cp "$scratch/patched" "$work/patched"
	while read -r file; do
		settle_file "$1/$file" "$work/tree/$file"
	done <"$scratch/mutated"
}

# The files as they were, for people to read.
keep_sources() {
	local file

	for file in "${files[@]}"; do
		mkdir -p "$1/${file%/*}"
		cp "$work/tree/$file" "$1/$file"
	done
}

command_mutate() {
	local new=$scratch/kernel

	check_python
	build_options "$@"
	fragments=("${fragments[0]}" "$parts/mutate.config" "${fragments[@]:1}")
	build_prepare
	mutated_files
	compile_folders
	mkdir "$new"
	keep_sources "$new/source"
	stage_mutants "$scratch/staged"
	settle_mutants "$scratch/staged"
	cp "$scratch/mutants" "$new/mutants"
	build_kernel "$new"
	echo "$(build_origin), with $(wc -l <"$new/mutants") mutants" >"$new/origin"
	publish "$new" "$name"
}
