// SPDX-License-Identifier: GPL-2.0-or-later
// The page around pictures: the list of runs, what is said of the one that is open,
// addresses, keys.  picture.js stands before this.
"use strict";

window.addEventListener("error", event => {
	document.documentElement.dataset.error = event.message;
});

const index = JSON.parse(document.getElementById("index").textContent);
const VERDICTS = ["fail", "xpass", "error", "xfail", "skip", "pass"];
const NEWS = new Set(["fail", "xpass", "error"]);
let picture = null, current = -1;

// "scenarios/fsync/x.yaml:CASE@KERNEL~ROUND"
function nameOf(run) {
	return run.file + (run.case !== undefined ? `:${run.case}` : "") +
		(run.kernel ? `@${run.kernel}` : "") + (run.round > 1 ? `~${run.round}` : "");
}

function addressOf(i, seq) {
	return `#${encodeURI(nameOf(index.runs[i])).replace(/[#!]/g, escape)}${seq ? `!${seq}` : ""}`;
}

function logOf(i) {
	const lines = document.getElementById(`events-${i}`);

	return lines ? readLog(lines.textContent) : null;
}

// ---- one run ---------------------------------------------------------------------

function drawFailure(failure, goTo) {
	const list = el("dl");

	for (const name of ["expected", "actual", "near", "note"])
		if (failure[name])
			list.append(el("dt", {}, name), el("dd", {}, el("code", {}, failure[name])));
	return el("div", { class: "failure" }, el("p", { class: "fail" }, failure.what), list,
		el("div", { class: "bar" },
			failure.at ? el("button", { type: "button", onclick: () => goTo(failure.at) },
				"show where") : null,
			failure.line ? el("span", { class: "dim" }, `line ${failure.line} of the scenario`) : null));
}

// The lines where the checks under "expect" begin, counted from 1.
function checkLines(words) {
	const from = words.findIndex(line => line.startsWith("expect:")) + 1;
	const behind = words.slice(from).findIndex(line => /^[a-z]/.test(line));
	const section = from ? words.slice(from, behind < 0 ? undefined : from + behind) : [];
	const indent = (/^ *(?=- )/.exec(section.find(line => /^ *- /.test(line)) || "") || [""])[0];

	return section.map((line, i) => line.startsWith(`${indent}- `) ? from + i + 1 : 0).filter(n => n);
}

// Checks are judged once all steps are done, and then all of them.
function heldChecks(words, wrong, verdict) {
	const checks = checkLines(words);
	const judged = verdict === "pass" || (wrong.size && [...wrong].every(n => n >= checks[0]));

	return new Set(judged ? checks.filter(n => !wrong.has(n) && !/\bkernel: /.test(words[n - 1])) : []);
}

function drawSource(text, failures, verdict) {
	const wrong = new Set(failures.map(failure => failure.line));
	const all = text.replace(/\n$/, "").split("\n");
	const good = heldChecks(all, wrong, verdict);
	const lines = all.map((words, i) => el("span", good.has(i + 1) ? { class: "good", title: "holds" } :
		{ class: wrong.has(i + 1) ? "wrong" : undefined }, words || " "));

	return el("details", {}, el("summary", {}, "Scenario"), el("pre", { class: "source" }, ...lines));
}

function showLine(source, n) {
	const lines = source ? source.querySelectorAll("span") : [];

	if (!lines[n - 1])
		return;
	source.open = true;
	for (const other of lines)
		other.classList.remove("here");
	lines[n - 1].classList.add("here");
	lines[n - 1].scrollIntoView({ block: "center" });
}

// Returns the picture, or null, after it has put all about run i into `into`.
function drawRun(into, i) {
	const run = index.runs[i], log = logOf(i);
	const failures = (log && log.verdict && log.verdict.failures) || [];
	const text = index.sources[run.file];
	const source = text ? drawSource(text, failures, run.verdict) : null;
	const made = log && log.events.length ? new Picture(log, n => showLine(source, n),
		seq => history.replaceState(null, "", addressOf(i, seq))) : null;

	into.replaceChildren(
		el("h2", {}, el("span", { class: run.verdict }, run.verdict), ` ${run.file}`,
			run.case !== undefined ? ` (${run.case})` : "", run.kernel ? ` on ${run.kernel}` : "",
			run.round > 1 ? ` [round ${run.round}]` : ""),
		...[run.title, run.summary].filter(words => words && words !== document.title &&
			failures.every(failure => failure.what !== words)).map(words => el("p", {}, words)),
		el("p", { class: "dim" }, `${run.ms} ms`),
		...failures.map(failure => drawFailure(failure, seq => made && made.goTo(seq))),
		made ? made.node : el("p", { class: "dim" }, "The events of this run are not in this page."),
		...[source, run.text ? el("details", {}, el("summary", {}, "Report as text"),
			el("pre", {}, run.text)) : null].filter(part => part));
	if (made)
		made.layOut();
	return made;
}

// ---- the list ----------------------------------------------------------------------

const shown = new Set(VERDICTS);

function listed() {
	const wanted = (document.getElementById("search") || { value: "" }).value.trim().toLowerCase();

	return index.runs.map((run, i) => i).filter(i => {
		const run = index.runs[i];

		return shown.has(run.verdict) && (!wanted ||
			`${nameOf(run)} ${run.title} ${run.summary}`.toLowerCase().includes(wanted));
	});
}

function fillList() {
	const list = document.getElementById("list");

	if (list)
		list.replaceChildren(...listed().map(i => el("li", {}, el("a", { href: addressOf(i),
			"aria-current": String(i === current) },
			el("span", { class: index.runs[i].verdict }, index.runs[i].verdict),
			` ${nameOf(index.runs[i])}`))));
}

function drawList() {
	const count = verdict => index.runs.filter(run => run.verdict === verdict).length;
	const bar = el("div", { class: "bar" });

	for (const verdict of VERDICTS.filter(verdict => count(verdict)))
		bar.append(el("button", { type: "button", "aria-pressed": "true", class: verdict,
			onclick: click => {
				shown.has(verdict) ? shown.delete(verdict) : shown.add(verdict);
				click.currentTarget.setAttribute("aria-pressed", String(shown.has(verdict)));
				fillList();
			} }, `${count(verdict)} ${verdict}`));
	return el("nav", { id: "runs", "aria-label": "runs" }, bar,
		el("div", { class: "bar" }, el("input", { id: "search", type: "search",
			placeholder: "filter runs", "aria-label": "filter runs", oninput: fillList })),
		el("ol", { id: "list" }));
}

// ---- addresses and keys ---------------------------------------------------------------

function fromAddress() {
	let name = "", seq = 0;

	try {
		[name, seq] = location.hash.slice(1).split("!").map(decodeURIComponent);
	} catch (error) {
		name = "";
	}
	const at = index.runs.findIndex(run => nameOf(run) === name);
	const news = index.runs.findIndex(run => NEWS.has(run.verdict));

	show(at >= 0 ? at : Math.max(0, news), Number(seq) || 0);
}

function show(i, seq) {
	if (i !== current) {
		current = i;
		picture = drawRun(document.getElementById("run"), i);
		fillList();
	}
	if (picture && seq)
		picture.goTo(seq);
}

function step(by) {
	const all = listed(), at = all.indexOf(current);
	const next = all[Math.max(0, Math.min(all.length - 1, at + by))];

	if (next !== undefined)
		location.hash = addressOf(next);
}

function onKey(event) {
	const typing = event.target instanceof HTMLInputElement;

	if (event.ctrlKey || event.altKey || event.metaKey)
		return;
	if (typing && event.key === "Escape")
		event.target.blur();
	else if (typing)
		return;
	else if (event.key === "n")
		step(1);
	else if (event.key === "p")
		step(-1);
	else if (!picture || !picture.key(event.key))
		return;
	event.preventDefault();
}

// A table of kernels has its own markup, and a place for a picture in each cell.
function drawCell(place) {
	const log = logOf(place.dataset.run);

	if (place.hasChildNodes() || !log)
		return;
	picture = new Picture(log, () => {}, () => {});
	place.append(picture.node);
	picture.layOut();
}

function drawCells() {
	for (const place of document.querySelectorAll("[data-run]"))
		place.closest("details").addEventListener("toggle", () => drawCell(place));
}

const page = document.getElementById("page");

if (page && index.runs.length) {
	page.classList.toggle("many", index.runs.length > 1);
	page.append(...(index.runs.length > 1 ? [drawList()] : []), el("article", { id: "run" }));
	window.addEventListener("hashchange", fromAddress);
	fromAddress();
} else {
	drawCells();
}
document.addEventListener("keydown", onKey);
document.documentElement.dataset.drawn = String(document.querySelectorAll(".row").length);
