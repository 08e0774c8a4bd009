# SPDX-License-Identifier: GPL-2.0-or-later
# Scenarios, benchmarks and stories.  They are installed, and each scenario is a test.

nobase_dist_pkgdata_DATA += $(scenario_files) \
	$(shell cd $(srcdir) && find bench explore -name '*.yaml')
TESTS += $(scenario_files)
