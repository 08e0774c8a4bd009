# SPDX-License-Identifier: GPL-2.0-or-later
# Written by tools/update-lists.

scenario_files = \
	scenarios/delay/init.yaml \
	scenarios/delay/write-reply.yaml \
	scenarios/devices/read-interrupted.yaml \
	scenarios/directio/append-goes-to-the-end.yaml \
	scenarios/directio/four-writers.yaml \
	scenarios/directio/lock-modes.yaml \
	scenarios/directio/short-and-long-replies.yaml \
	scenarios/files/mmap-beyond-the-end.yaml \
	scenarios/files/ordinary-program.yaml \
	scenarios/files/read-error-in-mmap.yaml \
	scenarios/interrupt/again.yaml \
	scenarios/interrupt/answered.yaml \
	scenarios/interrupt/enosys.yaml \
	scenarios/interrupt/ignored.yaml \
	scenarios/invalidate/during-read.yaml \
	scenarios/invalidate/during-writeback.yaml \
	scenarios/invalidate/failed-write.yaml \
	scenarios/invalidate/other-range.yaml \
	scenarios/invalidate/twice.yaml \
	scenarios/iomode/cached-open-makes-writes-exclusive.yaml \
	scenarios/iomode/cached-open-waits.yaml \
	scenarios/iomode/parallel-flag-needs-direct-io.yaml \
	scenarios/iomode/shared-mmap-waits.yaml \
	scenarios/notify/delete.yaml \
	scenarios/notify/inval-entry.yaml \
	scenarios/notify/inval-inode.yaml \
	scenarios/notify/retrieve.yaml \
	scenarios/notify/store.yaml \
	scenarios/passthrough/bad-backing-id.yaml \
	scenarios/passthrough/cached-while-passthrough.yaml \
	scenarios/passthrough/flag-decides.yaml \
	scenarios/passthrough/lock-modes.yaml \
	scenarios/passthrough/parallel-writes.yaml \
	scenarios/passthrough/reads-and-writes-bypass.yaml \
	scenarios/passthrough/second-backing-file.yaml \
	scenarios/passthrough/while-cached.yaml \
	scenarios/protocol/bad-attributes.yaml \
	scenarios/protocol/enosys-is-remembered.yaml \
	scenarios/protocol/error-with-payload.yaml \
	scenarios/protocol/malformed-replies.yaml \
	scenarios/protocol/twice-answered.yaml \
	scenarios/protocol/unknown-unique.yaml \
	scenarios/server/aborted.yaml \
	scenarios/server/dies.yaml \
	scenarios/writeback/close-waits.yaml \
	scenarios/writeback/direct-io-waits.yaml \
	scenarios/writeback/error-once-per-file.yaml \
	scenarios/writeback/fsync-waits.yaml \
	scenarios/writeback/max-background.yaml \
	scenarios/writeback/open-waits.yaml \
	scenarios/writeback/reads-do-not-wait.yaml \
	scenarios/writeback/second-write.yaml \
	scenarios/writeback/truncate-waits.yaml \
	$(NULL)

TESTS += $(scenario_files)
scenariodir = $(pkgdatadir)
nobase_dist_pkgdata_DATA = $(scenario_files)
