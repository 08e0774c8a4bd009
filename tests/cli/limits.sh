#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Limits of ours (lib/base/limits.h): up to them everything is carried whole,
# beyond them the loader refuses with the limit's name, and what shows only in a
# run is "could not run" and never a failure of the kernel.  tests/load/bad/limits*
# has those that one line of a scenario can exceed.
. "$(cd "${srcdir:-.}" && pwd)/tests/cli/lib.sh"

limit() { # limit NAME: its value as the table has it
	"$FUSESCEN" list limits | sed -n "s/^$1	\([^	]*\)	.*/\1/p"
}

many() { # many N FORMAT: lines with numbers from 1
	awk -v n="$1" -v f="$2" 'BEGIN { for (i = 1; i <= n; i++) printf f "\n", i }'
}

joined() { # joined N FORMAT: the same in one line
	many "$@" | tr -d '\n'
}

# ---- what the loader refuses -------------------------------------------------

scenario_head() {
	echo 'fusescen: 1'
	echo 'mounts: {fs: {}}'
}

# refused LIMIT: more.yaml is, by this limit, and the message has the place
refused() {
	fs check more.yaml
	ok "more than $1 is refused" gave 99
	ok "... by its name and value" \
		err_has "^more.yaml:.* error: .*too many .*: at most $(limit "$1") \(limit $1\)( \(case c[0-9]+\))?$"
}

{ scenario_head; many 40000 '# a line that says: I am number %d'; } >more.yaml
refused file_bytes
{ scenario_head; echo 'cases:'; many 1001 '  - {case: c%d}'; } >more.yaml
refused file_cases
{ scenario_head; echo 'needs:'; many 50000 '  - root # %d'; } >more.yaml
refused file_values
{ scenario_head; echo 'states:'; many 1001 '  s%d: a'; } >more.yaml
refused names
{ scenario_head; echo 'rules:'; many 1001 '  - {op: READ, hold: g%d}'; } >more.yaml
refused names
{
	echo 'fusescen: 1'
	echo "mounts: {fs: {files: {$(joined 65 /d): {}}}}"
} >more.yaml
refused path_depth
{ scenario_head; echo 'actors:'; many 65 '  - a%d'; } >more.yaml
refused actors
{
	scenario_head
	printf 'actors: [app]\nsteps:\n  - stress:\n      rounds: 1\n'
	printf '      time: 1s\n      app:\n'
	many 65 '        - stat("/")'
} >more.yaml
refused stress_calls
{
	scenario_head
	echo "cases: [{case: a, v: $(joined 700 x%03d)}]"
	printf 'actors: [app]\nsteps:\n'
	echo "  - app: mkdir(\"/$(joined 30 '${v}')\")"
} >more.yaml
refused text_bytes
{
	scenario_head
	echo 'cases:'
	many 1000 '  - {case: c%d}'
	printf 'actors: [app]\nsteps:\n'
	many 900 '  - app: stat("/")'
} >more.yaml
refused file_memory
ok '... once, whatever the number of cases' test "$(grep -c ': error: ' .out/err)" = 1

# ---- what shows in a run -------------------------------------------------------

if ! can_run; then
	skip 'limits in a run' 'no scenario can run here'
	done_testing
	exit 0
fi

# holds TEXT: the scenario on standard input passes
holds() {
	cat >x.yaml
	fs run x.yaml
	ok "$1" gave 0
}

# fails TEXT REGEX: it fails as it should
fails() {
	cat >x.yaml
	fs run x.yaml
	ok "$1" gave 1
	ok '... as it should' out_has "$2"
}

# ends TEXT LIMIT [OPTION...]: it could not be run, because of this limit
ends() {
	about=$1 by=$2
	shift 2
	cat >x.yaml
	fs run "$@" x.yaml
	ok "$about is no failure of the kernel" gave 99
	ok "... but limit $by" out_has "^error .*\(limit $by\)"
}

holds 'a write of half the limit goes through' <<EOF
fusescen: 1
timeout: 1min
mounts: {fs: {files: {/data: {}}}}
actors: [app]
steps:
  - app: fd = open("/data", O_RDWR)
  - app: pwrite(fd, 128M, 0) = 128M
EOF
holds 'a read of more than 2M is seen whole' <<EOF
fusescen: 1
mounts: {fs: {files: {/data: {size: 5M, fill: a}}}}
actors: [app]
steps:
  - app: fd = open("/data", O_RDWR)
  - app: pwrite(fd, "b", 4M) = 1
  - app: pread(fd, 4M, 0) = 4M 'a'*4M
expect:
  - {count: "app pread = 4M 'a'*4M", is: 1}
EOF
fails '... so that its last byte makes a difference' \
	'data differs at byte 4194304' <<EOF
fusescen: 1
mounts: {fs: {files: {/data: {size: 5M, fill: a}}}}
actors: [app]
steps:
  - app: fd = open("/data", O_RDWR)
  - app: pwrite(fd, "b", 4M) = 1
  - app: pread(fd, 4194305, 0) = 4194305 'a'*4194305
EOF
fails '... in the log too' 'fail: ' <<EOF
fusescen: 1
mounts: {fs: {files: {/data: {size: 5M, fill: a}}}}
actors: [app]
steps:
  - app: fd = open("/data", O_RDWR)
  - app: pwrite(fd, "b", 4M) = 1
  - app: pread(fd, 4194305, 0)
expect:
  - {count: "app pread = 4194305 'a'*4194305", is: 1}
EOF
holds "a server's file of 2M is compared whole" <<EOF
fusescen: 1
mounts: {fs: {files: {/data: {size: 2M, fill: a}}}}
actors: [app]
steps: [app: stat("/data")]
expect: [{file: /data, data: "'a'*2M"}]
EOF
fails '... up to its last byte' 'data differs at byte 2097152: "b" instead of "a"' <<EOF
fusescen: 1
mounts: {fs: {files: {/data: {size: 2M, fill: a}}}}
actors: [app]
steps:
  - app: fd = open("/data", O_RDWR)
  - app: pwrite(fd, "b", 2M) = 1
  - app: close(fd)
expect: [{file: /data, data: "'a'*2097153"}]
EOF
fails '... and no further' 'only 2097152 bytes' <<EOF
fusescen: 1
mounts: {fs: {files: {/data: {size: 2M, fill: a}}}}
actors: [app]
steps: [app: stat("/data")]
expect: [{file: /data, data: "'a'*2097153"}]
EOF
holds 'a notification of 20M is written whole' <<EOF
fusescen: 1
mounts: {fs: {files: {/data: {size: 20M}}}}
actors: [app]
steps:
  - app: fd = open("/data", O_RDONLY)
  - notify: {store: /data, data: "'s'*20M"}
  - app: pread(fd, 20M, 0) = 20M 's'*20M
EOF
long=$(joined 300 a)
holds 'a condition sees more than 256 bytes of a request' <<EOF
fusescen: 1
mounts: {fs: {files: {/data: {}}}}
rules:
  - {op: WRITE, where: {data: ${long}b}, reply: {error: EIO}}
actors: [app]
steps:
  - app: fd = open("/data", O_RDWR|O_SYNC)
  - app: pwrite(fd, "${long}c", 0) = 301
  - app: pwrite(fd, "${long}b", 0) = -1 EIO
expect:
  - {count: 'WRITE /data data="${long}b"', is: 1}
  - {count: 'WRITE /data data="${long}c"', is: 1}
EOF
ends 'a full mount in memory' memory_data <<EOF
fusescen: 1
timeout: 1min
mounts: {fs: {files: {/data: {size: 200M, fill: a}, /more: {open: [direct_io]}}}}
actors: [app]
steps:
  - app: fd = open("/more", O_RDWR)
  - app: pwrite(fd, 100M, 0) = 100M
EOF
ends 'a file with too many attributes' memory_xattrs <<EOF
fusescen: 1
mounts: {fs: {files: {/data: {}}}}
actors: [app]
steps:
$(many 17 '  - app: setxattr("/data", "user.%d", 64K)')
EOF
mkdir names
(cd names && many 9000 "$(joined 240 a)%d" | xargs touch)
ends 'a directory with too many names to list' call_names --allow-host "$PWD" <<EOF
fusescen: 1
timeout: 1min
mounts: {fs: {backing: {mirror: $PWD/names}}}
actors: [app]
steps: [app: 'readdir("/") = [b]']
EOF
done_testing
