# SPDX-License-Identifier: GPL-2.0-or-later
# Manuals and documents.

dist_man_MANS = \
	doc/fusescen-api.3 \
	doc/fusescen-bench.5 \
	doc/fusescen-ctl.7 \
	doc/fusescen-kernels.1 \
	doc/fusescen-protocol.7 \
	doc/fusescen-review.1 \
	doc/fusescen-scenario.5 \
	doc/fusescen-tutorial.7 \
	doc/fusescen.1 \
	$(NULL)

EXTRA_DIST += doc/fusescen-protocol.7.in doc/coverage.behaviours doc/coverage.reasons

# As in the tree, so that links between them work.
nobase_dist_doc_DATA += $(document_files) $(example_files)

# The tables of this page are made of those of lib/wire/.
doc/fusescen-protocol.7: doc/fusescen-protocol.7.in tools/protocol$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) doc && \
	tools/protocol$(EXEEXT) $(srcdir)/doc/fusescen-protocol.7.in >$@.new && \
	mv $@.new $@
CLEANFILES += doc/fusescen-protocol.7

# These pages are made of the scenarios, and installed beside them, so that their
# links work.  What the catalogue complains of, with status 1, is the business of
# tests/meta/catalogue.sh.
scenario_pages = doc/coverage.md doc/scenarios.md
nobase_dist_pkgdata_DATA += $(scenario_pages)
$(scenario_pages): $(scenario_files) doc/coverage.reasons doc/coverage.behaviours \
		tools/catalogue$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) doc && catalogue=`pwd`/tools/catalogue$(EXEEXT) && \
	(cd $(srcdir) && "$$catalogue" $(@F:.md=) scenarios 2>/dev/null || \
	test $$? = 1) >$@.new && \
	mv $@.new $@
CLEANFILES += $(scenario_pages)
