#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The words of the language, and the doctor.
. "${srcdir:-.}/tests/cli/lib.sh"

look() { # look TOPIC REGEX
	fs list "$1"
	ok "list $1" gave 0
	ok "list $1 has what it should" out_has "$2"
	ok "list $1: every line begins with a word" out_lacks '^($|[^A-Za-z0-9])'
}
tab=$(printf '\t')
look ops "^WRITE$tab"
look calls "^pwrite$tab\(fd, bytes, offset\)"
look flags "^writeback_cache${tab}init"
look notify "^inval_inode${tab}2"
look checks "^order$tab"
look steps "^held$tab"
look needs "^fusectl$tab"
look trace "^posix_lock_inode${tab}filelock$tab"
look hazards "^kernel_crash$tab"
look settings "^enable_uring$tab"
look topics "^settings$tab"

# Every topic that is listed can be asked for.
fs list
ok 'list alone' gave 0
cut -f1 .out/out >topics
ok 'list alone: the topics' grep -q '^settings$' topics
while read -r topic; do
	fs list "$topic"
	ok "list $topic" gave 0
done <topics

fs list colours
ok 'unknown topic' gave 99
ok 'unknown topic: where the known ones are' err_has '"colours"; "fusescen list" lists'
fs list ops calls
ok 'one topic at a time' gave 99

fs doctor
ok 'doctor' gave 0
ok 'doctor names the kernel' out_has "^kernel $(uname -r)"
ok 'doctor speaks of hazards' out_has '^hazards +skipped: .*--allow-hazard$'
ok 'doctor knows the device' out_has '^dev_fuse +(yes|no)$'
done_testing
