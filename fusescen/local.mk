# SPDX-License-Identifier: GPL-2.0-or-later
# The command line.

bin_PROGRAMS += fusescen/fusescen
fusescen_fusescen_LDADD = lib/libfusescen.la lib/libbase.la $(YAML_LIBS) \
	$(JANSSON_LIBS) -lm

# The same program for the tests.  It finds the library that was built by itself, so
# it needs none of libtool's wrappers, a shell script that takes ten times as long
# as most of what is tested.
check_PROGRAMS += tests/fusescen
tests_fusescen_SOURCES = $(fusescen_fusescen_SOURCES)
tests_fusescen_LDADD = $(fusescen_fusescen_LDADD)
tests_fusescen_LDFLAGS = $(AM_LDFLAGS) -no-install

# --- Pages ---------------------------------------------------------------------

# Frame, style and scripts of a page are sources of their own, which the program has
# as strings.
page_parts = \
	fusescen/matrix/matrix.css \
	fusescen/matrix/matrix.js \
	fusescen/report/page.css \
	fusescen/report/page.html \
	fusescen/report/page.js \
	fusescen/report/picture.js \
	$(NULL)
page_strings = \
	fusescen/matrix/matrix.css.inc \
	fusescen/matrix/matrix.js.inc \
	fusescen/report/page.css.inc \
	fusescen/report/page.html.inc \
	fusescen/report/page.js.inc \
	fusescen/report/picture.js.inc \
	$(NULL)
EXTRA_DIST += $(page_parts)
CLEANFILES += $(page_strings)

$(page_strings): %.inc: %
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	sed -e 's/[\\"]/\\&/g' -e 's/^/"/' -e 's/$$/\\n"/' $< >$@.new && mv $@.new $@

BUILT_SOURCES += $(page_strings)
fusescen/matrix/html.$(OBJEXT) fusescen/matrix/html.lo: $(page_strings)
fusescen/report/page.$(OBJEXT) fusescen/report/page.lo: $(page_strings)

# --- What makes shells complete our words -------------------------------------

# The program prints it, so it has to run here: a cross build leaves it out.
bashcompdir = $(datadir)/bash-completion/completions
zshcompdir = $(datadir)/zsh/site-functions
fishcompdir = $(datadir)/fish/vendor_completions.d
completions = completion/bash/fusescen completion/zsh/_fusescen \
	completion/fish/fusescen.fish
review_completions = completion/bash/fusescen-review completion/zsh/_fusescen-review \
	completion/fish/fusescen-review.fish
CLEANFILES += $(completions) $(review_completions)
if !CROSS_COMPILING
bashcomp_DATA = completion/bash/fusescen completion/bash/fusescen-review
zshcomp_DATA = completion/zsh/_fusescen completion/zsh/_fusescen-review
fishcomp_DATA = completion/fish/fusescen.fish completion/fish/fusescen-review.fish
endif

# --- The form of the results, for those who read them ----------------------------

dist_pkgdata_DATA = fusescen/report/junit.xsd

# --- The language, for editors --------------------------------------------------

CLEANFILES += completion/scenario.schema.json
if !CROSS_COMPILING
pkgdata_DATA = completion/scenario.schema.json
endif

completion/scenario.schema.json: fusescen/fusescen
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	fusescen/fusescen schema >$@.new && mv $@.new $@

$(completions): fusescen/fusescen
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	fusescen/fusescen completion $(notdir $(@D)) >$@.new && mv $@.new $@

$(review_completions): tools/review
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	bash $(srcdir)/tools/review completion $(notdir $(@D)) >$@.new && mv $@.new $@
