# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels and kernel sources of Debian, from the mirror that the machine uses
# itself.  apt works with lists and caches of our own: nothing is installed, no
# privilege is needed.  Sourced by tools/kernels.
#
# Up to 6.18 linux-image-V has everything.  From 6.19 on it is empty, and what
# it depends on has the files: linux-binary-V the kernel, linux-modules-V the
# modules, linux-base-V the configuration.  Of some versions the mirrors keep
# linux-binary-V only; their kernels boot, without modules.

suites='bookworm bookworm-backports trixie trixie-backports forky sid'
security='bookworm-security trixie-security'

apt_get() { apt-get -c "$cache/apt/apt.conf" -qq "$@"; }

# own_repository PATTERN: "URI KEYRING" of the machine's first repository whose
# URI matches; fails if there is none
own_repository() { grep -E -m1 -e "/$1/? " <<<"$repositories"; }

source_lines() { # source_lines "URI KEYRING" SUITE...
	local uri=${1%% *} key=${1#* } suite

	shift
	case $key in /*) ;; *) key=/usr/share/keyrings/debian-archive-keyring.gpg ;; esac
	for suite; do
		echo "deb [signed-by=$key] $uri $suite main"
	done
}

# The machine's own apt.conf is read first, because of its proxies.  Its hooks are
# switched off: they may clean up after updates of the machine itself.
apt_conf() {
	cat <<-END
	Dir::Etc::sourcelist "$cache/apt/sources.list";
	Dir::Etc::sourceparts "/dev/null";
	Dir::Etc::preferences "/dev/null";
	Dir::Etc::preferencesparts "/dev/null";
	Dir::State::lists "$cache/apt/lists";
	Dir::Cache "$cache/apt/cache";
	// Large, and of use to nobody: the few names we need are in a file.
	Dir::Cache::pkgcache "";
	Dir::Cache::srcpkgcache "";
	Acquire::Languages "none";
	Acquire::GzipIndexes "true";
	// Our folders are the user's, where the user _apt cannot write.
	APT::Sandbox::User "root";
	#clear APT::Update::Pre-Invoke;
	#clear APT::Update::Post-Invoke;
	#clear APT::Update::Post-Invoke-Success;
	END
}

# Sets $repositories to all repositories of the machine, in whatever form its
# sources are written, and $why to the reason why nothing can be fetched here, which
# is empty if something can.
look_for_debian() {
	why=''
	if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
		why='fetching packages needs apt and dpkg, that is, Debian'
		return
	fi
	# shellcheck disable=SC2016
	repositories=$(apt-get indextargets --no-release-info \
		--format '$(REPO_URI) $(SIGNED_BY)' 'Created-By: Packages')
	own_repository debian >/dev/null ||
		why='this machine has no Debian mirror among its package sources'
}

# A lock, because apt fails rather than waits if another one is at work.
apt_open() {
	local own

	[ -n "${repositories:-}" ] || look_for_debian
	[ -z "$why" ] ||
		die "$why; put a kernel of another kind into the cache by" \
			"\"$self add NAME VMLINUZ [MODULES-DIR]\""
	mkdir -p "$cache/apt/lists/partial" "$cache/apt/cache/archives/partial"
	exec {apt_lock}>"$cache/apt/lock"
	flock "$apt_lock"
	apt_conf >"$cache/apt/apt.conf"
	{
		own=$(own_repository debian)
		# shellcheck disable=SC2086
		source_lines "$own" $suites
		# shellcheck disable=SC2086
		! own=$(own_repository debian-security) ||
			source_lines "$own" $security
	} >"$cache/apt/sources.list"
	arch=$(dpkg --print-architecture)
	[ -n "$(find "$cache/apt/names" -mtime -1 2>/dev/null)" ] || apt_update
}

apt_close() {
	exec {apt_lock}>&-
}

# A suite that the mirror does not have is no reason to go without the others.
apt_update() {
	say "reading the package lists of $(awk '{ print $3; exit }' "$cache/apt/sources.list")"
	apt_get update 2>"$scratch/apt.err" ||
		sed -n "s/^[EW]: /$self: /p" "$scratch/apt.err" >&2
	apt-cache -c "$cache/apt/apt.conf" pkgnames linux- >"$scratch/names"
	grep -qE '^linux-(image|binary)-[0-9]' "$scratch/names" ||
		die 'the package lists have no kernel in them'
	mv "$scratch/names" "$cache/apt/names"
}

# apt_names REGEX: names of packages that can be had
apt_names() { grep -xE -e "$1" "$cache/apt/names" || true; }

# apt_download DIR PACKAGE...: download and unpack.  Lists can be older than the
# mirror, which then has the file no more: a second try has fresh ones.
apt_download() {
	local dir=$1 deb

	shift
	mkdir -p "$dir" "$scratch/deb"
	if ! (cd "$scratch/deb" && apt_get download "$@") 2>"$scratch/apt.err"; then
		apt_update
		(cd "$scratch/deb" && apt_get download "$@")
	fi || return 1
	for deb in "$scratch"/deb/*.deb; do
		dpkg-deb -x "$deb" "$dir" || return 1
	done
	rm -rf "$scratch/deb"
}

# offered REGEX: versions whose kernel can be had, newest first, with their
# packages: "6.12.107+deb13-cloud linux-image-..."
offered() {
	apt_names "linux-(image|base|binary|modules)-[0-9].*$1" |
		sed -E "s/^linux-[a-z]+-(.*)-$arch\$/\1 &/" | sort -k 1,1rV -k 2 |
		awk '
		function flush() {
			# From 6.19 on, an image without its binary is empty.
			if (v != "" && (all ~ /linux-binary-/ || all !~ /linux-(base|modules)-/))
				print v all
		}
		$1 != v { flush(); v = $1; all = "" }
		{ all = all " " $2 }
		END { flush() }'
}

cloud() { offered "-cloud-$arch"; }

# is_whole PACKAGE...: an image of the old kind, or all three parts
is_whole() {
	case " $* " in
	*" linux-binary-"*)
		case " $* " in *" linux-base-"*" linux-modules-"*) true ;; *) false ;; esac ;;
	*) true ;;
	esac
}

# choose VERSION: "NAME PACKAGE..." of the newest cloud kernel that begins so
# ("6.1" begins "6.1.0-50", not "6.12"), rather a whole one than a newer one; or
# of that very kernel, of any kind
choose() {
	local line best=

	while read -r line; do
		[[ $line == "$1"[!0-9A-Za-z]* ]] || continue
		# shellcheck disable=SC2086
		if is_whole ${line#* }; then
			echo "$line"
			return
		fi
		best=${best:-$line}
	done < <(cloud)
	[ -n "$best" ] || best=$(offered "-$arch" |
		awk -v name="${1%-"$arch"}" '$1 == name { print; exit }')
	[ -n "$best" ] && echo "$best"
}

fetch_one() {
	local chosen name image modules new=$scratch/kernel root=$scratch/root

	if ! chosen=$(choose "$1"); then
		apt_update
		chosen=$(choose "$1") ||
			die "\"$1\": no such kernel: see \"$self list\""
	fi
	name=${chosen%% *}
	if [ -f "$kernels/$name/release" ]; then
		echo "$kernels/$name: is there"
		return
	fi
	# shellcheck disable=SC2086
	apt_download "$root" ${chosen#* } || die "$name: cannot be downloaded"
	image=$(find "$root" -name 'vmlinuz*' -type f -print -quit)
	[ -n "$image" ] || die "$name: no kernel is in ${chosen#* }"
	modules=$(find "$root" -path '*/modules/*/kernel' -type d -print -quit)
	mkdir "$new"
	put_image "$image" "$new"
	find "${image%/*}" -maxdepth 1 -name 'config*' -exec cp {} "$new/config" \;
	if [ -n "$modules" ]; then
		keep_modules "${modules%/kernel}" "$new/modules"
	else
		say "$name: the mirror no longer has its modules: no CUSE, for instance"
	fi
	echo "fetched from Debian" >"$new/origin"
	rm -rf "$root"
	publish "$new" "$name"
}

command_fetch() {
	local word

	[ $# -gt 0 ] || wrong_usage
	for word; do check_name "$word"; done
	apt_open
	for word; do fetch_one "$word"; done
	apt_close
}

list_offered() { # list_offered [all]
	local name packages

	look_for_debian
	if [ -n "$why" ]; then
		echo "offered: nothing: $why"
		return
	fi
	apt_open
	echo "offered by $(awk '{ print $3; exit }' "$cache/apt/sources.list"):"
	if [ "$1" = all ]; then offered "-$arch"; else cloud; fi |
		while read -r name packages; do
			# shellcheck disable=SC2086
			if is_whole $packages; then
				echo "  $name"
			else
				echo "  $name  without modules"
			fi
		done
	apt_close
}
