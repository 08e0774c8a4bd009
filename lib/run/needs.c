/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does this machine have what a scenario needs?  What is missing is why it is skipped.
 * Called by the conductor, and by a server before it serves. */
#include "config.h"

#include <string.h>

#include "model/transport.h"
#include "run/caps.h"
#include "run/environment.h"
#include "run/run.h"

static int capability_by_name(const char *name)
{
	const struct keyword *k;

	for (k = capability_keywords; k->name; k++)
		if (strcmp(k->name, name) == 0)
			return k->kind;
	return NONE;
}

bool run_has_environment(struct run *r, bool inside)
{
	char *why = environment_lack(r->sc, inside);

	if (!why)
		return true;
	if (inside)
		run_skip(r, why);
	else
		run_error(r, why);
	return false;
}

static bool has_kernel_args(struct run *r)
{
	auto_free char *missing = r->sc->kernel_args ?
		caps_lacks_args(r->sc->kernel_args) : NULL;

	if (missing)
		run_skip(r, xasprintf("this kernel was not booted with \"%s\": run "
				      "--kernel does that", missing));
	return !missing;
}

/* The device(s) and whatever the scenario says it needs of the machine. */
bool run_has_needs(struct run *r, bool allow_hazard)
{
	bool fuse = false, cuse = false, block = false, sync_init = false;
	const char *missing = NULL;
	size_t i;

	if (r->sc->hazard && !allow_hazard) {
		run_skip(r, xasprintf("hazard: %s%s%s%s: run it in a virtual machine, "
				      "with --allow-hazard", r->sc->hazard,
				      r->sc->hazard_shape ? " (" : "",
				      r->sc->hazard_shape ? r->sc->hazard_shape : "",
				      r->sc->hazard_shape ? ")" : ""));
		return false;
	}
	if (!run_has_environment(r, false))
		return false;
	for (i = 0; i < r->sc->n_mounts; i++) {
		fuse |= r->sc->mounts[i].kind == MOUNT_FUSE;
		cuse |= r->sc->mounts[i].kind == MOUNT_CUSE;
		block |= r->sc->mounts[i].device_size != 0;
		sync_init |= r->sc->mounts[i].sync_init;
	}
	if (fuse)
		missing = capability_missing(CAP_DEV_FUSE);
	if (cuse && !missing)
		missing = capability_missing(CAP_CUSE);
	if (block && !missing)
		missing = capability_missing(CAP_FUSEBLK);
	if (scenario_namespaces(r->sc) && !missing)
		missing = capability_missing(CAP_NAMESPACES);
	if (scenario_freezes(r->sc) && !missing)
		missing = capability_missing(CAP_FREEZER);
	if (scenario_limits_memory(r->sc) && !missing)
		missing = capability_missing(CAP_MEMORY_LIMITS);
	if (scenario_calls(r->sc, CALL_suspend) && !missing)
		missing = capability_missing(CAP_SUSPEND);
	if (sync_init && !missing)
		missing = capability_missing(CAP_SYNC_INIT);
	if (scenario_uses_uring(r->sc) && !missing)
		missing = capability_missing(CAP_URING);
	for (i = 0; i < r->sc->n_actors && !missing; i++)
		if (r->sc->actors[i].has_ids)
			missing = capability_missing(CAP_OTHER_UIDS);
	for (i = 0; i < r->sc->n_needs && !missing; i++) {
		int cap = capability_by_name(r->sc->needs[i].name);

		if (cap != NONE)
			missing = capability_missing((enum capability)cap);
		else if (strcmp(r->sc->needs[i].name, "passthrough") == 0)
			missing = capability_missing(CAP_ROOT);
	}
	if (missing)
		run_skip(r, xstrdup(missing));
	return !missing && has_kernel_args(r);
}

static uint64_t needed_flags(const struct scenario *sc, const struct mount_spec *m)
{
	uint64_t flags = m->init_on;
	size_t i;

	for (i = 0; i < sc->n_needs; i++)
		flags |= flag_by_name(flagset_of(sc->protocol, &flags_init),
				      sc->needs[i].name,
				      strlen(sc->needs[i].name));
	return flags;
}

/* Does the kernel offer every INIT flag that the scenario wants? */
bool run_offers_all(struct run *r)
{
	size_t i;

	for (i = 0; i < r->sc->n_mounts; i++) {
		const struct mount_spec *m = &r->sc->mounts[i];
		uint64_t offered = 0, missing;
		struct buf b = BUF_INIT;
		uint32_t minor;

		if (m->kind != MOUNT_FUSE ||
		    !engine_offered(r->engine, (int)i, &offered, &minor))
			continue;
		missing = needed_flags(r->sc, m) & ~offered;
		if (!missing)
			continue;
		buf_puts(&b, "this kernel does not offer ");
		flags_print(&b, flagset_of(r->sc->protocol, &flags_init), missing);
		run_skip(r, buf_steal(&b));
		return false;
	}
	return true;
}
