# SPDX-License-Identifier: GPL-2.0-or-later
# Written by tools/update-lists.

dist_man_MANS = \
	doc/fusescen-api.3 \
	doc/fusescen-bench.5 \
	doc/fusescen-ctl.7 \
	doc/fusescen-kernels.1 \
	doc/fusescen-scenario.5 \
	doc/fusescen-tutorial.7 \
	doc/fusescen.1 \
	doc/fusescen-protocol.7 \
	$(NULL)

EXTRA_DIST += \
	doc/DESIGN.md \
	doc/GLOSSARY.md \
	doc/HACKING.md \
	doc/coverage.behaviours \
	doc/coverage.md \
	doc/coverage.reasons \
	doc/examples/full-disk.yaml \
	doc/examples/hello-faults.c \
	doc/examples/hello-main.c \
	doc/examples/lockdep-passthrough.patch \
	doc/examples/parallel-passthrough.patch \
	doc/examples/preload.c \
	doc/examples/slow-disk.yaml \
	doc/fusescen-protocol.7.in \
	doc/kernel-findings.md \
	doc/kernel-matrix.md \
	doc/kernel-matrix.notes \
	$(NULL)

