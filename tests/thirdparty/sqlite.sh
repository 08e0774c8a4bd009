#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sqlite3 on a mount, with journals of both kinds and with several writers that use
# locks.  On a disk that fails, what was committed stays, and the database is intact.
. "${srcdir:-.}/tests/thirdparty/lib.sh"
needs sqlite3

rows=$(size 2000 100000)
turns=$(size 15 300)
cat >work.sh <<END
set -e
sqlite3 mnt/a.db "create table t(a, b);
	with recursive c(x) as (select 1 union all select x + 1 from c where x < $rows)
	insert into t select x, hex(randomblob(20)) from c;
	create index i on t(b); delete from t where a % 3 = 0; vacuum;"
test "\$(sqlite3 mnt/a.db 'pragma integrity_check')" = ok
test "\$(sqlite3 mnt/a.db 'select count(*) from t')" = $((rows - rows / 3))
END
cat >writers.sh <<END
for mode in delete wal; do
	sqlite3 mnt/\$mode.db "pragma journal_mode=\$mode; create table t(a)" >/dev/null
	pids=
	for writer in 1 2; do
		for i in \$(seq $turns); do
			sqlite3 -cmd '.timeout 30000' mnt/\$mode.db \\
				"insert into t values(\$i)" || exit 2
		done &
		pids="\$pids \$!"
	done
	for pid in \$pids; do wait \$pid || exit 3; done
	test "\$(sqlite3 mnt/\$mode.db 'select count(*) from t')" = $((turns * 2)) ||
		exit 4
	test "\$(sqlite3 mnt/\$mode.db 'pragma integrity_check')" = ok || exit 5
done
END
everywhere 'sqlite' sh work.sh
everywhere 'sqlite: two writers' sh writers.sh

# Each row is committed by a process of its own; those that succeeded are noted.
# The rows are large, so that the database must grow.
cat >commits.sh <<'END'
sqlite3 mnt/c.db 'create table t(a integer primary key, b)' || exit 2
for i in $(seq 30); do
	sqlite3 mnt/c.db "insert into t values($i, hex(randomblob(3000)))" 2>>errors &&
		echo $i >>committed
done
test -s committed && test -s errors || exit 3
"$FUSESCEN" ctl sock disable full >/dev/null 2>&1
sqlite3 mnt/c.db 'select a from t order by a' >found || exit 4
test "$(sqlite3 mnt/c.db 'pragma integrity_check')" = ok || exit 5
cat errors
END
no_commit_lost() {
	sort committed >committed.sorted
	sort found | comm -23 committed.sorted - >lost
	[ ! -s lost ]
}
for kept in memory mirror; do
	for how in full fsync; do
		rm -f committed errors found
		on $kept "$here/$how.yaml" sh commits.sh
		ok "sqlite: $kept, $how: the database is whole" gave 0
		ok '... the program is told' out_has \
			'database or disk is full|disk I/O error'
		ok '... and nothing that was committed is lost' no_commit_lost
	done
done
# The last ones were on the mirror.
sqlite3 dir/c.db 'select a from t order by a' >found 2>.out/err
ok 'sqlite: what is below has all of it' no_commit_lost
done_testing
