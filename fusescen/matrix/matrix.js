// SPDX-License-Identifier: GPL-2.0-or-later
// A filter for the cases of a table, by their names and by what came of them.  The
// table is there without it.
"use strict";

(() => {
	const cases = [...document.querySelectorAll(".case")];
	const wanted = new Set();
	const search = el("input", { type: "search", placeholder: "filter cases",
		"aria-label": "filter cases", oninput: filter });
	const count = el("span", { class: "dim", role: "status" });

	function filter() {
		const words = search.value.trim().toLowerCase();
		let shown = 0;

		for (const one of cases) {
			const fits = one.querySelector(".name").textContent.toLowerCase().includes(words) &&
				[...wanted].every(verdict => one.querySelector(`.cells > .${verdict}`));

			one.hidden = !fits;
			shown += fits;
		}
		count.textContent = `${shown} of ${cases.length} cases`;
	}

	function toggle(verdict) {
		return el("button", { type: "button", "aria-pressed": "false", class: `only ${verdict}`,
			onclick: click => {
				const on = !wanted.has(verdict);

				on ? wanted.add(verdict) : wanted.delete(verdict);
				click.currentTarget.setAttribute("aria-pressed", String(on));
				filter();
			} }, `with ${verdict}`);
	}

	if (!cases.length)
		return;
	document.getElementById("filter").append(search, ...VERDICTS.filter(verdict =>
		document.querySelector(`.cells > .${verdict}`)).map(toggle), count);
	filter();
})();
