#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# tools/kernels, without network and compiler: stand-ins for apt, dpkg, make
# and gcc are first in PATH.  A "package" is a tar file.
. "${srcdir:-.}/tests/cli/lib.sh"

command -v bash >/dev/null || { echo '1..0 # SKIP no bash'; exit 0; }
tool=$srcdir/tools/kernels
FUSESCEN_CACHE=$work/cache
export FUSESCEN_CACHE work
cached=$FUSESCEN_CACHE/kernels

k() { # k ARGUMENT...: run it
	timeout 300 bash "$tool" "$@" >.out/out 2>.out/err </dev/null
	status=$?
}

there() { [ -e "$1" ]; }
not_there() { [ ! -e "$1" ]; }
says() { [ "$(cat "$1")" = "$2" ]; }			# says FILE TEXT
nothing_left() { [ -z "$(find "$cached" -name '.new.*')" ]; }
same() { cmp -s "$1" "$2"; }
calls_of() { grep -c "^$1" .out/calls; }
called() { [ "$(calls_of "$1")" = "$2" ]; }		# called COMMAND TIMES
is_newer() { [ -n "$(find "$1" -newer "$2")" ]; }	# is_newer FILE FILE
is_older() { ! is_newer "$@"; }

# image FILE RELEASE: what has a bzImage's version where a bzImage has it
image() {
	{
		head -c 514 /dev/zero
		printf HdrS
		head -c 8 /dev/zero
		printf '\020\000'		# at 0x20e: 0x10, plus 0x200
		printf '%s (someone) #1\0' "$2"
	} >"$1"
}

# module FILE DEPENDS
module() {
	mkdir -p "${1%/*}"
	printf 'code\0depends=%s\0name=x\0' "$2" >"$1"
}

# --- Stand-ins ----------------------------------------------------------------

stand_in() { # stand_in NAME: a script from standard input
	{
		echo '#!/bin/sh'
		# shellcheck disable=SC2016
		echo 'echo "${0##*/} $*" >>"$work/.out/calls"'
		cat
	} >"bin/$1"
	chmod +x "bin/$1"
}
mkdir bin mirror
PATH=$work/bin:$PATH
: >.out/calls

stand_in apt-get <<'END'
case "$*" in
*indextargets*) cat "$work/sources" ;;
*' update') [ ! -e "$work/mirror.new" ] || { rm -r "$work/mirror"; mv "$work/mirror.new" "$work/mirror"; } ;;
*' download '*)
	while [ "$1" != download ]; do shift; done
	shift
	for p; do cp "$work/mirror/$p" "$p.deb" || exit 100; done ;;
esac
END
stand_in apt-cache <<'END'
ls "$work/mirror"
END
stand_in dpkg <<'END'
echo amd64
END
stand_in dpkg-deb <<'END'
tar -xf "$2" -C "$3"
END
echo 'http://mirror.example/debian/ ' >sources

# old_kernel V, new_kernel V [PART...]: packages as up to 6.18, as later
old_kernel() {
	mkdir -p p/boot "p/lib/modules/$1/kernel"
	image "p/boot/vmlinuz-$1" "$1"
	printf 'CONFIG_FUSE_FS=m\nCONFIG_CUSE=m\n' >"p/boot/config-$1"
	module "p/lib/modules/$1/kernel/fs/fuse/fuse.ko" ''
	module "p/lib/modules/$1/kernel/fs/fuse/cuse.ko" fuse
	module "p/lib/modules/$1/kernel/fs/xfs/xfs.ko" lib-crc,other
	module "p/lib/modules/$1/kernel/lib/lib_crc.ko" ''
	module "p/lib/modules/$1/kernel/sound/noise.ko" ''
	tar -cf "mirror/linux-image-$1" -C p .
	rm -r p
}

new_kernel() {
	v=$1
	shift
	d=p/usr/lib/modules/$v
	for part in image "$@"; do
		mkdir -p "$d/kernel/fs/fuse"
		case $part in
		binary) image "$d/vmlinuz" "$v" ;;
		base) printf 'CONFIG_FUSE_FS=y\nCONFIG_CUSE=m\nCONFIG_FUSE_PASSTHROUGH=y\n' >"$d/config" ;;
		modules) module "$d/kernel/fs/fuse/cuse.ko" '' ;;
		esac
		[ "$part" = modules ] || rm -r "$d/kernel"
		tar -cf "mirror/linux-$part-$v" -C p .
		rm -r p
	done
}

old_kernel 6.1.0-9-cloud-amd64
old_kernel 6.1.0-50-cloud-amd64
old_kernel 6.1.0-51-amd64
old_kernel 6.12.107+deb13-cloud-amd64
new_kernel 7.1.13+deb13-cloud-amd64 binary
new_kernel 7.3.3+deb13-cloud-amd64 binary base modules
new_kernel 7.3.4+deb13-cloud-amd64 binary
: >mirror/linux-image-6.1.0-50-cloud-amd64-dbg

# --- What is offered, and fetched ---------------------------------------------

k list
ok 'list' gave 0
ok 'list: where the cache is' out_has "^in $cached:"
ok 'list: the mirror is the machine'\''s' out_has '^offered by http://mirror.example/debian/:'
sed -n '/^offered/,$s/^  //p' .out/out >.out/offered
printf '%s\n' '7.3.4+deb13-cloud  without modules' 7.3.3+deb13-cloud \
	'7.1.13+deb13-cloud  without modules' 6.12.107+deb13-cloud \
	6.1.0-50-cloud 6.1.0-9-cloud >.out/expected
ok 'list: cloud kernels, newest first' same .out/offered .out/expected
k list -a
ok 'list -a has the others too' out_has '^  6.1.0-51$'
k list -x
ok 'list knows no other option' gave 99

k fetch 6.1
ok 'fetch by prefix' gave 0
ok 'a prefix ends where a number ends; the newest by number' \
	says "$cached/6.1.0-50-cloud/release" 6.1.0-50-cloud-amd64
ok 'its modules' there "$cached/6.1.0-50-cloud/modules/kernel/fs/fuse/cuse.ko"
ok 'and what these need, - or _' there "$cached/6.1.0-50-cloud/modules/kernel/lib/lib_crc.ko"
ok 'no others' not_there "$cached/6.1.0-50-cloud/modules/kernel/sound"
ok 'configuration' there "$cached/6.1.0-50-cloud/config"
ok 'nothing is left' nothing_left

: >.out/calls
k fetch 6.1
ok 'fetched again: is there' out_has ': is there$'
ok 'fetched again: no download' called 'apt-get .*download' 0
k fetch 7.3
ok 'three packages, and rather the whole than the newest' there "$cached/7.3.3+deb13-cloud/vmlinuz"
ok 'all three' there "$cached/7.3.3+deb13-cloud/modules/kernel/fs/fuse/cuse.ko"
k fetch 7.1
ok 'without modules: better than nothing' gave 0
ok 'and says so' err_has 'no longer has its modules'
k fetch 6.1.0-51-amd64
ok 'not of the cloud kind, by its full name' there "$cached/6.1.0-51/vmlinuz"

k list
ok 'list: symbols of what is there' out_has '^  6.1.0-50-cloud +module +module +no +no +fetched'
ok 'list: symbols from a package of their own' out_has '^  7.3.3.deb13-cloud +yes +module +yes +no '
ok 'list: unknown' out_has '^  7.1.13.deb13-cloud +\? +\? '

# --- What goes wrong ----------------------------------------------------------

k fetch 6.9
ok 'no such kernel' gave 99
ok 'no such kernel: says which' err_has '"6.9": no such kernel'
k fetch ../x
ok 'a name is no path' gave 99
k fetch
ok 'fetch what?' gave 99
k boil
ok 'no such command' err_has '"boil": no such command: list, fetch'

# the lists promise what the mirror has no more; fresh lists do not
cp -r mirror mirror.new
rm mirror/linux-image-6.12.107+deb13-cloud-amd64
k fetch 6.12
ok 'a stale list is read anew, and the download repeated' gave 0
ok 'repeated: there' there "$cached/6.12.107+deb13-cloud/vmlinuz"

k remove 6.12.107+deb13-cloud
ok 'remove' not_there "$cached/6.12.107+deb13-cloud"
k remove 6.12.107+deb13-cloud
ok 'remove what is not there' gave 99
cp bin/dpkg-deb .out/dpkg-deb
stand_in dpkg-deb <<'END'
exit 2
END
k fetch 6.12
ok 'a package that cannot be unpacked' gave 99
ok 'leaves nothing' not_there "$cached/6.12.107+deb13-cloud"
ok 'nothing at all' nothing_left
stand_in dpkg-deb <<'END'
kill -KILL $PPID
END
k fetch 6.12
ok 'killed: no half kernel' not_there "$cached/6.12.107+deb13-cloud"
cp .out/dpkg-deb bin/dpkg-deb
k fetch 6.12
ok 'the next run goes on' there "$cached/6.12.107+deb13-cloud/vmlinuz"
ok 'and clears up' nothing_left

echo 'http://archive.ubuntu.example/ubuntu/ ' >sources
k fetch 6.16
ok 'not Debian' err_has 'no Debian mirror .*add NAME VMLINUZ'
k list
ok 'not Debian: what is cached is listed' gave 0
echo 'http://mirror.example/debian/ ' >sources

# --- Kernels from elsewhere ---------------------------------------------------

image bz 6.17.1-300.fc43.x86_64
printf '\177ELF..Linux version 6.17.2-mine (me) #1\n' >elf
mkdir -p mods
module mods/kernel/fs/fuse/cuse.ko ''
xz mods/kernel/fs/fuse/cuse.ko
k add fedora bz mods
ok 'add' says "$cached/fedora/release" 6.17.1-300.fc43.x86_64
ok 'add: modules, unpacked' there "$cached/fedora/modules/kernel/fs/fuse/cuse.ko"
k add mine elf
ok 'add: an ELF kernel' there "$cached/mine/vmlinux"
ok 'add: its version' says "$cached/mine/release" 6.17.2-mine
k add mine bz
ok 'add: in place of another' there "$cached/mine/vmlinuz"
ok 'add: of which nothing stays' not_there "$cached/mine/vmlinux"
k add bad sources
ok 'add: not a kernel' err_has 'sources: no kernel'
ok 'add: not a kernel: nothing there' not_there "$cached/bad"
k add .x bz
ok 'add: a bad name' err_has '".x": a name has'

# --- Built --------------------------------------------------------------------

mkdir -p tree/fs/fuse tree/scripts/kconfig
echo one >tree/fs/fuse/inode.c
echo file >tree/fs/fuse/file.c
echo menu >tree/Kconfig
echo 'CONFIG_FUSE_FS=y' >tree/dot
# The "kernel" has what its sources say as its version.
echo all: >tree/Makefile
stand_in make <<'END'
for a; do case $a in O=*) o=${a#O=} ;; esac; last=$a; done
t=$3
case $last in
tinyconfig) : >"$o/.config" ;;
olddefconfig) cp "$t/dot" "$o/.config" ;;
bzImage)
	[ "$(cat "$t/fs/fuse/inode.c")" != broken ] || exit 2
	mkdir -p "$o/arch/x86/boot"
	{ head -c 514 /dev/zero; printf HdrS; head -c 8 /dev/zero; printf '\020\000'
	printf '%s (x)\0' "$(cat "$t"/fs/fuse/* | tr '\n' -)"; } >"$o/arch/x86/boot/bzImage" ;;
esac
END
for tool_name in gcc ld flex bison bc; do stand_in $tool_name </dev/null; done
stand_in uname <<'END'
echo x86_64
END
cat >tree/scripts/kconfig/merge_config.sh <<'END'
#!/bin/sh
END
chmod +x tree/scripts/kconfig/merge_config.sh
cat >one.patch <<'END'
--- a/fs/fuse/inode.c
+++ b/fs/fuse/inode.c
@@ -1 +1 @@
-one
+two
--- /dev/null
+++ b/fs/fuse/new.c
@@ -0,0 +1 @@
+new
END
cp -a tree before

k build base --source ./tree
ok 'build' gave 0
ok 'build: the kernel' says "$cached/base/release" file-one-
ok 'build: from where' out_has "/base: "
ok 'build: symbols that did not come' err_has 'CUSE is n, not y'
work_tree=$(echo "$FUSESCEN_CACHE"/build/tree-*/tree)
touch .out/time
sleep 0.01
k build patched --source tree/ --patch one.patch
ok 'build with a patch' says "$cached/patched/release" file-two-new-
ok 'build with a patch: origin' says "$cached/patched/origin" "built from $work/tree + one.patch"
ok 'only what the patch changes is new' is_newer "$work_tree/fs/fuse/inode.c" .out/time
ok 'the rest is not' is_older "$work_tree/fs/fuse/file.c" .out/time
ok 'the base stays' says "$cached/base/release" file-one-
diff -r tree before >.out/diff
ok 'the tree itself is as it was' [ ! -s .out/diff ]
ok 'one set of object files' [ "$(echo "$work_tree"/../objects-*)" = "$(ls -d "$work_tree"/../objects-*)" ]
touch .out/time
sleep 0.01
k build patched --source tree --patch one.patch
ok 'the same again: nothing is new' is_older "$work_tree/fs/fuse/inode.c" .out/time
k build again --source tree
ok 'unpatched again' says "$cached/again/release" file-one-
ok 'unpatched is new, too' is_newer "$work_tree/fs/fuse/inode.c" .out/time
ok 'what a patch added is gone' not_there "$work_tree/fs/fuse/new.c"
echo edit >tree/fs/fuse/file.c
rm tree/dot
echo 'CONFIG_CUSE=y' >tree/dot
k build edited --source tree
ok 'edits of the tree are followed' says "$cached/edited/release" edit-one-
k build edited --source tree --config no-such
ok 'a fragment that is not there' err_has 'no-such: cannot be read'
k build other --source tree --debug lockdep --kasan -j2
ok 'another configuration' gave 0
ok 'another configuration: origin' says "$cached/other/origin" "built from $work/tree + lockdep + kasan"
k build other --source tree -jx
ok '-j wants a number' err_has 'j x: not a number'
k build other --source tree --debug gravity
ok 'no such --debug' err_has 'gravity: no such word'

echo three >tree/fs/fuse/inode.c
k build late --source tree --patch one.patch
ok 'a patch that does not apply' gave 99
ok 'which' err_has 'one.patch: does not apply'
ok 'makes no kernel' not_there "$cached/late"
echo broken >tree/fs/fuse/inode.c
k build base --source tree
ok 'does not compile' gave 99
ok 'the kernel of that name stays' says "$cached/base/release" file-one-
ok 'and nothing else' nothing_left
k build x --source linux-source-9.9
ok 'no such source' err_has 'neither a kernel tree nor a source package'
k build x
ok 'build of what?' err_has 'needs --source'
printf -- '--- a/../x\n+++ b/../x\n' >out.patch
k build x --source tree --patch out.patch
ok 'a patch that leaves the tree' err_has 'outside of the tree'

mkdir -p few
for word in cat basename dirname readlink mkdir rm sed tr head find awk apt-get \
	bash mktemp cksum cut nproc uname gcc ld make bison bc; do
	ln -s "$(command -v $word)" few/$word
done
timeout 300 env PATH="$work/few" bash "$tool" build x --source tree >.out/out 2>.out/err
status=$?
ok 'a tool is missing' err_has 'missing: flex'
ok 'how to get it' err_has 'apt-get install flex$'

k remove base patched again edited other fedora mine
ok 'remove many' not_there "$cached/mine"
k --help
ok 'help' out_has '^usage: kernels list'
done_testing
