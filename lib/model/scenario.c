/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of what a scenario needs, and the end of a loaded file. */
#include "config.h"

#include "model/scenario.h"

#include <stdlib.h>

const struct keyword capability_keywords[] = {
	{ "root", CAP_ROOT, "root in the initial user namespace" },
	{ "dev_fuse", CAP_DEV_FUSE, "/dev/fuse can be opened and mounted" },
	{ "fusectl", CAP_FUSECTL, "connections can be seen and aborted" },
	{ "other_uids", CAP_OTHER_UIDS, "actors can run as other users" },
	{ "kernel_stack", CAP_KERNEL_STACK, "kernel stacks can be read" },
	{ "kernel_log", CAP_KERNEL_LOG, "the kernel log can be read" },
	{ "cuse", CAP_CUSE, "/dev/cuse can be opened, by root" },
	{ "tracing", CAP_TRACING, "returns of kernel functions can be seen" },
	{ "tracepoints", CAP_TRACEPOINTS, "events of the kernel can be seen" },
	{ "drop_caches", CAP_DROP_CACHES, "caches can be dropped" },
	{ "clone_fd", CAP_CLONE_FD, "several workers on one connection" },
	{ "overlay", CAP_OVERLAY, "overlays can be mounted" },
	{ "fuseblk", CAP_FUSEBLK, "block devices can be mounted, which takes root" },
	{ "sync_init", CAP_SYNC_INIT, "mount(2) can wait for INIT" },
	{ "namespaces", CAP_NAMESPACES, "user and pid namespaces can be made, which "
	  "takes root" },
	{ "uring", CAP_URING, "requests can come by io_uring" },
	{ "freezer", CAP_FREEZER, "actors can be frozen, which takes root" },
	{ "memory_limits", CAP_MEMORY_LIMITS, "memory of actors can be limited and "
	  "taken, which takes root" },
	{ "suspend", CAP_SUSPEND, "the machine can be suspended to idle" },
	{ NULL, 0, NULL },
};

const struct keyword hazard_keywords[] = {
	{ "kernel_crash", 0, "the kernel may stop, and the machine with it" },
	{ "suspend", 0, "the machine sleeps, and may not wake up" },
	{ NULL, 0, NULL },
};

const struct words hazard_words = { keyword_at, hazard_keywords };

void scenario_file_free(struct scenario_file *f)
{
	if (!f)
		return;
	diags_free(f->diags);
	arena_free(f->arena);
	free(f->text);
	free(f->path);
	free(f);
}

bool scenario_names_init(const struct scenario *sc)
{
	size_t i, k;

	for (i = 0; i < sc->n_rules; i++)
		for (k = 0; k < sc->rules[i].n_ops; k++)
			if (sc->rules[i].ops[k]->opcode == OP_INIT ||
			    sc->rules[i].ops[k]->opcode == OP_CUSE_INIT)
				return true;
	return false;
}

static bool is_unanswered(const struct op *op)
{
	return op && (op->reply == REPLY_NONE || op->opcode == OP_INTERRUPT);
}

static bool check_names_unanswered(const struct check *c)
{
	for (size_t i = 0; i < c->n_patterns; i++) {
		if (is_unanswered(c->patterns[i].op))
			return true;
	}
	return false;
}

static bool rule_names_unanswered(const struct rule *r)
{
	for (size_t i = 0; i < r->n_ops; i++) {
		if (is_unanswered(r->ops[i]))
			return true;
	}
	return false;
}

bool scenario_names_unanswered(const struct scenario *sc)
{
	for (size_t i = 0; i < sc->n_expect; i++) {
		if (check_names_unanswered(&sc->expect[i]))
			return true;
	}
	for (size_t i = 0; i < sc->n_rules; i++) {
		if (rule_names_unanswered(&sc->rules[i]))
			return true;
	}
	for (size_t i = 0; i < sc->n_steps; i++) {
		const struct step *step = &sc->steps[i];

		if ((step->kind == STEP_WAIT && is_unanswered(step->wait.match.op)) ||
		    (step->kind == STEP_CHECK && check_names_unanswered(&step->check)))
			return true;
	}
	return false;
}

void scenario_allow_host(struct scenario *sc, const char *const *dirs)
{
	size_t i;

	sc->allow_host = dirs;
	for (i = 0; i < sc->n_mounts; i++)
		sc->mounts[i].backing.allowed = dirs;
}

static void each_explored(const struct explore *ex,
			  void (*see)(void *ctx, struct loc loc,
				      const struct call_use *use), void *ctx)
{
	for (size_t i = 0; i < ex->n_parts; i++) {
		for (size_t k = 0; k < ex->parts[i].n_calls; k++)
			see(ctx, ex->parts[i].calls[k].loc, &ex->parts[i].calls[k].call);
	}
}

void scenario_each_call(const struct scenario *sc,
			void (*see)(void *ctx, struct loc loc,
				    const struct call_use *use), void *ctx)
{
	size_t i, k;

	for (i = 0; i < sc->n_steps; i++) {
		const struct step *step = &sc->steps[i];

		if (step->kind == STEP_CALL)
			see(ctx, step->loc, &step->call);
		for (k = 0; step->kind == STEP_STRESS && k < step->stress->n_sites; k++)
			see(ctx, step->loc, &step->stress->sites[k]->use);
		if (step->kind == STEP_EXPLORE)
			each_explored(step->explore, see, ctx);
	}
}

bool scenario_watches_kernel(const struct scenario *sc)
{
	size_t i;

	for (i = 0; i < sc->n_expect; i++)
		if (sc->expect[i].kind == CHECK_KERNEL)
			return true;
	for (i = 0; i < sc->n_steps; i++)
		if (sc->steps[i].kind == STEP_CHECK &&
		    sc->steps[i].check.kind == CHECK_KERNEL)
			return true;
	return sc->n_traced > 0;
}

const struct expectation *expectation_of(const struct scenario *sc,
					 const struct step *step,
					 const struct call_use *use)
{
	const struct step *end;

	if (!use->async || !sc->n_steps)
		return &use->expect;
	end = sc->steps + sc->n_steps;
	if (step < sc->steps || step >= end)
		return &use->expect;
	while (++step < end)
		if (step->kind == STEP_RESULT && step->result.actor == use->actor)
			return &step->result.expect;
	return &use->expect;
}

bool scenario_stays_outside(const struct scenario *sc)
{
	return scenario_watches_kernel(sc) || sc->n_machine ||
		scenario_freezes(sc) || scenario_limits_memory(sc);
}

bool scenario_freezes(const struct scenario *sc)
{
	size_t i;

	for (i = 0; i < sc->n_steps; i++)
		if (sc->steps[i].kind == STEP_FREEZE ||
		    sc->steps[i].kind == STEP_FROZEN)
			return true;
	return false;
}

struct call_search {
	enum call_id id;
	bool found;
};

static void note_call(void *ctx, struct loc loc, const struct call_use *use)
{
	struct call_search *s = ctx;

	(void)loc;
	s->found |= use->call->id == s->id;
}

bool scenario_calls(const struct scenario *sc, enum call_id id)
{
	struct call_search s = { id, false };

	scenario_each_call(sc, note_call, &s);
	return s.found;
}

bool scenario_limits_memory(const struct scenario *sc)
{
	size_t i;

	for (i = 0; i < sc->n_actors; i++)
		if (sc->actors[i].memory_max || sc->actors[i].memory_high)
			return true;
	return scenario_calls(sc, CALL_reclaim);
}

unsigned scenario_namespaces(const struct scenario *sc)
{
	unsigned which = 0;
	size_t i;

	for (i = 0; i < sc->n_mounts; i++)
		which |= sc->mounts[i].namespaces;
	for (i = 0; i < sc->n_actors; i++)
		which |= sc->actors[i].namespaces;
	return which;
}
