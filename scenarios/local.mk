# SPDX-License-Identifier: GPL-2.0-or-later
# Scenarios and benchmarks.  They are installed, and each scenario is a test.

nobase_dist_pkgdata_DATA = $(scenario_files) \
	$(shell cd $(srcdir) && find bench -name '*.yaml')
TESTS += $(scenario_files)
