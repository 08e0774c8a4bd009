/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gates by name.  One thread at a time. */
#include "config.h"

#include "load/rules/gates.h"

#include "load/read/values.h"

int gate_value(struct loader *ld, const struct ynode *n, int *out)
{
	const struct scenario *sc = ld->sc;
	struct text t;

	if (value_text(ld, n, "the name of a gate", &t))
		return -1;
	*out = names_find(sc->gates, sc->n_gates, t.s, t.len);
	if (*out != NONE)
		return 0;
	if (!sc->n_gates)
		return diag(ld->dg, text_loc(&t, 0, t.len),
			    "unknown gate \"%s\": no rule holds anything", t.s);
	return diag_unknown(ld->dg, text_loc(&t, 0, t.len), "gate", t.s, t.len,
			    names_words(ld->arena, sc->gates, sc->n_gates));
}

void gate_ops(struct loader *ld, int gate, struct op_list *out)
{
	const struct op **list = NULL;
	size_t n = 0, i, j, k;

	*out = (struct op_list){ NULL, 0, false };
	for (i = 0; i < ld->sc->n_rules; i++) {
		const struct rule *r = &ld->sc->rules[i];

		if (r->gate != gate)
			continue;
		if (!r->n_ops)
			return;
		for (j = 0; j < r->n_ops; j++) {
			for (k = 0; k < n && list[k] != r->ops[j]; k++)
				;
			if (k == n)
				ARENA_PUSH(ld->arena, list, n, r->ops[j]);
		}
	}
	out->ops = list;
	out->n = n;
}

int gate_mount(const struct loader *ld, int gate)
{
	const struct scenario *sc = ld->sc;
	int mount = NONE;
	bool any = false;
	size_t i;

	for (i = 0; i < sc->n_rules; i++) {
		const struct rule *r = &sc->rules[i];

		if (r->gate != gate)
			continue;
		if (any && r->file.mount != mount)
			return NONE;
		mount = r->file.mount;
		any = true;
	}
	return mount;
}
