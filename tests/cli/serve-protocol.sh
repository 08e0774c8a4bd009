#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen serve with operations and notifications that its file declares: rules,
# the log, statistics and commands know them.
. "${srcdir:-.}/tests/cli/lib.sh"

if ! can_run; then
	echo '1..0 # SKIP nothing can run here: see fusescen doctor'
	exit
fi
mkdir mnt
cat >declared.yaml <<'END'
# MKDIR and INVAL_INODE by other names
fusescen: 1
protocol:
  operations:
    MAKE_DIR:
      number: 9
      override: true
      request: {access: u32 octal, umask: u32 octal, called: string}
  notifications:
    DROP: {number: 2, override: true, fields: {nodeid: u64, from: s64, bytes: s64}}
mounts: {fs: {files: {/data: {size: 64K}}}}
rules:
  - {op: MAKE_DIR, where: {called: no}, reply: {error: EDQUOT}}
END
cat >use.sh <<'END'
mkdir -m 700 mnt/yes || echo no yes
mkdir mnt/no 2>/dev/null && echo no no
cat mnt/data >/dev/null
"$FUSESCEN" ctl sock notify '{DROP: /data, from: 0, bytes: 4096}' || echo no notification
"$FUSESCEN" ctl sock notify '{inval_inode: /data}' 2>&1
"$FUSESCEN" ctl sock stats
END
export FUSESCEN
fs serve --control sock --log log declared.yaml mnt -- sh use.sh
ok 'it serves' gave 0
ok 'rules and the backend know the operation' out_lacks '^no '
ok 'statistics have its name' out_has '^MAKE_DIR +2 +1 '
ok 'what it replaces is not known any more' \
	out_has 'unknown notification "inval_inode"'
log_has() { grep -qE "$1" log; }
ok 'the log has its fields' \
	log_has '"op":"MAKE_DIR","opcode":9.*"access":.*"called":"yes"'
ok '... and the notification' log_has '"notify":"DROP","code":2,"path":"/data"'
ok 'nothing goes by the built-in name' test -z "$(grep MKDIR log)"
done_testing
