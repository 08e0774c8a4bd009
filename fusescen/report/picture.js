// SPDX-License-Identifier: GPL-2.0-or-later
// The picture of one run: a row for each event of its log, and in each row the
// lifelines of actors, kernel and servers.  Nothing that comes from a log becomes
// markup: all of it goes through text nodes and the attributes below.
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const ROWS_AT_FIRST = 1500;
const ARROW_AT = ".85em";
const LANE_MIN = 18, LANE_MAX = 120, LANE_NARROW = 62;

function el(tag, attributes, ...children) {
	const node = document.createElement(tag);

	for (const [name, value] of Object.entries(attributes || {})) {
		if (name.startsWith("on"))
			node.addEventListener(name.slice(2), value);
		else if (value !== undefined && value !== false)
			node.setAttribute(name, value === true ? "" : value);
	}
	node.append(...children.filter(child => child !== undefined && child !== null));
	return node;
}

function shape(tag, attributes, ...children) {
	const node = document.createElementNS(SVG, tag);

	for (const [name, value] of Object.entries(attributes))
		node.setAttribute(name, value);
	node.append(...children);
	return node;
}

// ---- what a log says --------------------------------------------------------

// A line that is no JSON (a machine died while it wrote) is left out and counted.
// Events without words are steps that are calls, of which there are events.
function readLog(text) {
	const log = { events: [], verdict: null, bad: 0, bySeq: new Map() };

	for (const line of text.split("\n")) {
		if (!line.trim())
			continue;
		try {
			const event = JSON.parse(line);

			if (event.event === "verdict")
				log.verdict = event;
			else if (event.words !== undefined)
				log.events.push(event);
		} catch (error) {
			log.bad++;
		}
	}
	for (const event of log.events)
		log.bySeq.set(event.seq, event);
	return log;
}

// How an event is drawn, in which group it is filtered, and what its sign means.
const KINDS = {
	call: { group: "calls", draw: "call" },
	return: { group: "calls", draw: "return" },
	exit: { group: "calls", draw: "end" },
	blocked: { group: "calls", draw: "blocked" },
	request: { group: "requests", draw: "request" },
	reply: { group: "requests", draw: "reply" },
	held: { group: "requests", draw: "held" },
	released: { group: "requests", draw: "released" },
	delayed: { group: "requests", draw: "dot" },
	dropped: { group: "requests", draw: "end" },
	notify: { group: "notifications", draw: "notify" },
	notified: { group: "notifications", draw: "notified" },
	step: { group: "script", draw: "script" },
	state: { group: "script", draw: "script" },
	stress: { group: "script", draw: "script" },
	info: { group: "script", draw: "script" },
	mount: { group: "script", draw: "dot" },
	kernel: { group: "kernel", draw: "dot" },
	kernel_return: { group: "kernel", draw: "dot" },
	trace: { group: "kernel", draw: "dot" },
};
const GROUPS = ["calls", "requests", "notifications", "script", "kernel"];
const OTHER = { group: "script", draw: "script" };

function kindOf(event) {
	return Object.hasOwn(KINDS, event.event) ? KINDS[event.event] : OTHER;
}

// "-- release: disk" and "├ blocked" are signs of the ladder; here are others.
function wordsOf(event) {
	const words = String(event.words || event.text || event.event).replace(/^(-- |├ )/, "");

	return event.actor !== undefined && !words.startsWith(event.actor + ": ") ?
		`${event.actor}: ${words}` : words;
}

function msOf(event) {
	return Number(event.ms).toFixed(3);
}

class Lanes {
	constructor(events) {
		const actors = new Set(), servers = new Set();

		for (const event of events) {
			if (event.actor !== undefined)
				actors.add(event.actor);
			if (event.mount !== undefined)
				servers.add(event.mount);
		}
		this.names = [...actors, "kernel", ...servers];
		this.kernel = actors.size;
		this.actor = new Map([...actors].map((name, i) => [name, i]));
		this.server = new Map([...servers].map((name, i) => [name, actors.size + 1 + i]));
	}
	x(lane) {
		return `${(100 * (lane + .5) / this.names.length).toFixed(3)}%`;
	}
	// Where an event belongs that is about one lane only.
	of(event) {
		if (kindOf(event).group === "requests")
			return this.ofServer(event);
		if (event.actor !== undefined)
			return this.actor.get(event.actor);
		if (event.mount !== undefined)
			return this.server.get(event.mount);
		return this.kernel;
	}
	ofServer(event) {
		return event.mount !== undefined ? this.server.get(event.mount) :
			Math.min(this.kernel + 1, this.names.length - 1);
	}
}

// What goes on in each lane: calls under way, proven to be blocked, requests at the
// server, and those of them that are held.
class State {
	constructor(lanes, events) {
		this.lanes = lanes.names.map(() => ({ busy: new Set(), stuck: false, held: new Set() }));
		this.answered = new Set(events.filter(event => event.event === "reply" ||
			event.event === "dropped").map(event => event.request));
	}
	apply(lanes, event) {
		const lane = this.lanes[lanes.of(event)];

		switch (event.event) {
		case "call":
			lane.busy.add("call");
			break;
		case "return":
		case "exit":
			lane.busy.clear();
			lane.stuck = false;
			break;
		case "blocked":
			lane.stuck = event.actor !== undefined;
			break;
		case "request":
			if (this.answered.has(event.seq))
				lane.busy.add(event.seq);
			break;
		case "held":
			lane.held.add(event.request);
			break;
		case "released":
			lane.held.delete(event.request);
			break;
		case "reply":
		case "dropped":
			lane.held.delete(event.request);
			lane.busy.delete(event.request);
			break;
		}
	}
	classes() {
		return this.lanes.map(lane => lane.stuck ? "stuck" : lane.held.size ? "holds" :
			lane.busy.size ? "busy" : "");
	}
}

// ---- drawing a row --------------------------------------------------------------

function line(x1, y1, x2, y2, name) {
	return shape("line", { x1, y1, x2, y2, class: name });
}

function drawLifelines(svg, lanes, before, after) {
	lanes.names.forEach((name, i) => {
		const x = lanes.x(i);

		svg.append(line(x, 0, x, "100%", "lane"));
		if (before[i])
			svg.append(line(x, 0, x, ARROW_AT, before[i]));
		if (after[i])
			svg.append(line(x, ARROW_AT, x, "100%", after[i]));
	});
}

function drawSign(svg, x, path, name) {
	svg.append(shape("svg", { x, y: ARROW_AT, overflow: "visible" },
		shape("path", { d: path, class: name })));
}

function drawArrow(svg, lanes, from, to, name) {
	const points = from < to ? "M0,0 L-8,-4.5 L-8,4.5 Z" : "M0,0 L8,-4.5 L8,4.5 Z";

	svg.append(line(lanes.x(from), ARROW_AT, lanes.x(to), ARROW_AT, `arrow ${name}`));
	drawSign(svg, lanes.x(to), points, `head ${name.replace("back", "")}`);
}

const SQUARE = "M-5,-5 h10 v10 h-10 Z", CROSS = "M-5,-5 L5,5 M-5,5 L5,-5";
const CIRCLE = "M-4,0 a4,4 0 1,0 8,0 a4,4 0 1,0 -8,0", BARS = "M-5,-6 h3.5 v12 h-3.5 Z M1.5,-6 h3.5 v12 h-3.5 Z";

const DRAW = {
	call: (svg, lanes, event) => drawArrow(svg, lanes, lanes.of(event), lanes.kernel, ""),
	return: (svg, lanes, event) => drawArrow(svg, lanes, lanes.kernel, lanes.of(event), "back"),
	request: (svg, lanes, event) => drawArrow(svg, lanes, lanes.kernel, lanes.ofServer(event), ""),
	reply: (svg, lanes, event) => drawArrow(svg, lanes, lanes.ofServer(event), lanes.kernel, "back"),
	notify: (svg, lanes, event) => drawArrow(svg, lanes, lanes.ofServer(event), lanes.kernel, "note"),
	notified: (svg, lanes, event) => drawArrow(svg, lanes, lanes.kernel, lanes.ofServer(event), "note back"),
	held: (svg, lanes, event) => drawSign(svg, lanes.x(lanes.of(event)), SQUARE, "sign gate"),
	released: (svg, lanes, event) => drawSign(svg, lanes.x(lanes.of(event)), SQUARE, "sign open"),
	blocked: (svg, lanes, event) => drawSign(svg, lanes.x(lanes.of(event)), BARS, "sign stop"),
	end: (svg, lanes, event) => drawSign(svg, lanes.x(lanes.of(event)), CROSS, "sign"),
	dot: (svg, lanes, event) => drawSign(svg, lanes.x(lanes.of(event)), CIRCLE, "sign"),
	script: svg => svg.append(line(0, ARROW_AT, "100%", ARROW_AT, "script")),
};

// ---- what a click shows --------------------------------------------------------

const NOT_SHOWN = new Set(["seq", "ms", "event", "words", "stack", "args", "fields"]);

function definitions(event) {
	const list = el("dl");
	const put = (name, value) => list.append(el("dt", {}, name), el("dd", {}, String(value)));

	for (const [name, value] of Object.entries(event))
		if (!NOT_SHOWN.has(name) && value !== "")
			put(name, typeof value === "object" ? JSON.stringify(value) : value);
	for (const part of ["args", "fields"])
		for (const [name, value] of Object.entries(event[part] || {}))
			put(`${part}.${name}`, value);
	return list;
}

function relatives(log, event) {
	const of = event.request !== undefined ? event.request : event.seq;

	return log.events.filter(other => other !== event &&
		(other.seq === of || other.request === of));
}

function drawDetails(picture, event) {
	const box = el("div", { class: "details" }, definitions(event));
	const related = relatives(picture.log, event);

	box.addEventListener("click", click => click.stopPropagation());
	if (event.stack)
		box.append(el("p", {}, "It sleeps in the first of these, which was called by the next:"),
			el("ol", { class: "stack" }, ...event.stack.split(" < ").map(frame =>
				el("li", {}, el("code", {}, frame)))));
	if (related.length)
		box.append(el("p", {}, "The same request: ", ...related.flatMap(other => [
			el("button", { type: "button", onclick: () => picture.goTo(other.seq) },
				`${other.event} at ${msOf(other)} ms`), " "])));
	if (event.line)
		box.append(el("p", {}, el("button", { type: "button",
			onclick: () => picture.showLine(event.line) }, `line ${event.line} of the scenario`)));
	return box;
}

// ---- the legend -----------------------------------------------------------------

const LEGEND = [
	["call", { actor: "a" }, "A client makes a system call."],
	["return", { actor: "a" }, "It returns."],
	["request", { mount: "s" }, "The kernel asks the server."],
	["reply", { mount: "s" }, "The server answers."],
	["notify", { mount: "s" }, "The server notifies the kernel; dashed: that returns."],
	["held", { mount: "s" }, "A request or a reply is held; the lifeline is in pieces until it goes on."],
	["released", { mount: "s" }, "It is released."],
	["blocked", { actor: "a" }, "A call is proven to be blocked; the lifeline is in pieces until it returns. Open the row for the stack."],
	["end", { actor: "a" }, "A process has ended, or a request is dropped."],
	["dot", {}, "Something in the kernel, or about a mount."],
	["script", {}, "A step of the scenario that is no call."],
];

function drawLegend() {
	const lanes = new Lanes([{ actor: "a" }, { mount: "s" }]);
	const box = el("div", { class: "legend" });

	for (const [draw, event, meaning] of LEGEND) {
		const svg = shape("svg", { viewBox: "0 0 60 24", "aria-hidden": "true" });

		lanes.names.forEach((name, i) => svg.append(line(lanes.x(i), 0, lanes.x(i), "100%", "lane")));
		DRAW[draw](svg, lanes, event);
		box.append(svg, el("span", {}, meaning));
	}
	return el("details", { class: "legend-box" }, el("summary", {}, "Signs and keys"), box,
		el("p", {}, el("kbd", {}, "j"), " ", el("kbd", {}, "k"), " next and previous event, ",
			el("kbd", {}, "Enter"), " open it, ", el("kbd", {}, "f"), " next failure, ",
			el("kbd", {}, "/"), " filter, ", el("kbd", {}, "+"), " ", el("kbd", {}, "-"), " ",
			el("kbd", {}, "0"), " zoom, ", el("kbd", {}, "n"), " ", el("kbd", {}, "p"),
			" next and previous run."));
}

// ---- the picture ------------------------------------------------------------------

class Picture {
	// showLine(n) shows a line of the scenario, opened(seq) hears of each event
	// that is opened.
	constructor(log, showLine, opened) {
		this.log = log;
		this.showLine = showLine;
		this.opened = opened;
		this.lanes = new Lanes(log.events);
		this.zoom = 1;
		this.hidden = new Set();
		this.marks = new Map();
		for (const failure of (log.verdict && log.verdict.failures) || [])
			if (failure.at)
				this.marks.set(failure.at, [...(this.marks.get(failure.at) || []), failure]);
		this.teardown = [...this.marks.keys()].some(seq =>
			log.bySeq.has(seq) && log.bySeq.get(seq).teardown) ||
			log.events.every(event => event.teardown);
		this.build();
	}
	build() {
		this.rows = el("ol", { class: "rows" });
		this.count = el("span", { class: "dim", role: "status" });
		this.filter = el("input", { type: "search", placeholder: "filter events",
			"aria-label": "filter events", oninput: () => this.choose() });
		this.heads = el("div", { class: "heads" }, el("span", { class: "time" }, "ms"),
			el("div", { class: "lanes" }, ...this.lanes.names.map(name => el("span", {}, name))));
		this.node = el("section", { class: "picture", "aria-label": "events" },
			this.toolbar(), drawLegend(), this.heads, this.rows);
		this.fill(ROWS_AT_FIRST, this.log.events.findIndex(event => this.marks.has(event.seq)));
		new ResizeObserver(() => this.layOut()).observe(this.node);
	}
	toolbar() {
		const toggle = (name, is, set) => el("button", { type: "button", "aria-pressed": is,
			onclick: click => {
				const on = click.currentTarget.getAttribute("aria-pressed") !== "true";

				click.currentTarget.setAttribute("aria-pressed", on);
				set(on);
				this.choose();
			} }, name);
		const present = new Set(this.log.events.map(event => kindOf(event).group));

		return el("div", { class: "bar" }, this.filter,
			...GROUPS.filter(group => present.has(group)).map(group => toggle(group, "true",
				on => on ? this.hidden.delete(group) : this.hidden.add(group))),
			toggle("teardown", String(this.teardown), on => { this.teardown = on; }),
			el("button", { type: "button", "aria-label": "smaller", onclick: () => this.setZoom(this.zoom / 1.2) }, "−"),
			el("button", { type: "button", "aria-label": "larger", onclick: () => this.setZoom(this.zoom * 1.2) }, "+"),
			this.count);
	}
	// Of a long log, as many as that around an event; first around the first failure.
	fill(most, middle) {
		const all = this.log.events, state = new State(this.lanes, all);
		const from = all.length <= most ? 0 :
			Math.max(0, Math.min(middle - most / 2, all.length - most));
		let before = state.classes();

		this.rows.replaceChildren();
		all.forEach((event, i) => {
			state.apply(this.lanes, event);
			const after = state.classes();

			if (i >= from && i < from + most)
				this.rows.append(this.row(event, before, after));
			before = after;
		});
		if (all.length > most)
			this.rows.append(el("li", {}, el("button", { type: "button",
				onclick: () => this.fill(4 * most, middle) },
				`${most} of ${all.length} events are here: show more`)));
		this.choose();
		this.layOut();
	}
	row(event, before, after) {
		const svg = shape("svg", { "aria-hidden": "true" });
		const failures = this.marks.get(event.seq) || [];
		const words = el("div", { class: "words", role: "button", tabindex: "-1", "aria-expanded": "false" },
			wordsOf(event), ...failures.map(failure =>
				el("span", { class: "failed" }, `▶ ${failure.what}`)));
		const node = el("li", { class: `row ${event.event}${event.teardown ? " teardown" : ""}${failures.length ? " marked" : ""}` },
			el("span", { class: "time" }, msOf(event)), el("div", { class: "lanes" }, svg), words);

		drawLifelines(svg, this.lanes, before, after);
		DRAW[kindOf(event).draw](svg, this.lanes, event);
		node.event = event;
		node.addEventListener("click", () => this.toggle(node));
		return node;
	}
	toggle(node) {
		const words = node.querySelector(".words"), open = node.querySelector(".details");

		if (open)
			open.remove();
		else
			words.append(drawDetails(this, node.event));
		if (!open)
			this.opened(node.event.seq);
		words.setAttribute("aria-expanded", String(!open));
		this.focus(node);
	}
	focus(node) {
		if (this.current)
			this.current.querySelector(".words").tabIndex = -1;
		this.current = node;
		node.querySelector(".words").tabIndex = 0;
		node.querySelector(".words").focus({ preventScroll: true });
		node.scrollIntoView({ block: "nearest" });
	}
	visible() {
		return [...this.rows.querySelectorAll(".row")].filter(row => !row.hidden);
	}
	choose() {
		const wanted = this.filter.value.trim().toLowerCase();
		let shown = 0;

		for (const row of this.rows.querySelectorAll(".row")) {
			const event = row.event;
			const fits = !wanted || wordsOf(event).toLowerCase().includes(wanted) ||
				String(event.path || "").toLowerCase().includes(wanted);

			row.hidden = !fits || this.hidden.has(kindOf(event).group) ||
				(event.teardown && !this.teardown);
			row.style.display = row.hidden ? "none" : "";
			shown += !row.hidden;
		}
		this.count.textContent = `${shown} of ${this.log.events.length} events` +
			(this.log.bad ? `, ${this.log.bad} lines cannot be read` : "");
		const first = this.visible()[0];

		if (first && (!this.current || this.current.hidden)) {
			this.current = first;
			first.querySelector(".words").tabIndex = 0;
		}
	}
	setZoom(zoom) {
		this.zoom = Math.min(3, Math.max(.5, zoom));
		this.node.style.setProperty("--zoom", this.zoom);
		this.layOut();
	}
	layOut() {
		const n = this.lanes.names.length, room = this.node.clientWidth * .45;
		const wide = Math.max(LANE_MIN, Math.min(LANE_MAX, room / n)) * this.zoom;

		this.heads.classList.toggle("narrow", wide < LANE_NARROW);
		for (const name of this.heads.querySelectorAll(".lanes span"))
			name.style.width = `${wide}px`;
		for (const lanes of this.node.querySelectorAll(".row .lanes"))
			lanes.style.width = `${wide * n}px`;
	}
	goTo(seq) {
		const find = () => [...this.rows.querySelectorAll(".row")].find(row => row.event.seq === seq);
		let row = find();

		if (!row && this.log.bySeq.has(seq)) {
			this.fill(ROWS_AT_FIRST, this.log.events.indexOf(this.log.bySeq.get(seq)));
			row = find();
		}
		if (!row)
			return;
		row.hidden = false;
		row.style.display = "";
		this.focus(row);
		row.scrollIntoView({ block: "center" });
	}
	move(by) {
		const rows = this.visible(), at = rows.indexOf(this.current);

		if (rows.length)
			this.focus(rows[Math.max(0, Math.min(rows.length - 1, at + by))]);
	}
	nextFailure() {
		const rows = this.visible(), at = rows.indexOf(this.current);
		const marked = rows.filter(row => row.classList.contains("marked"));

		if (marked.length)
			this.focus(marked.find(row => rows.indexOf(row) > at) || marked[0]);
	}
	// Returns whether the key means something here.
	key(name) {
		const keys = {
			j: () => this.move(1), ArrowDown: () => this.move(1),
			k: () => this.move(-1), ArrowUp: () => this.move(-1),
			f: () => this.nextFailure(), "/": () => this.filter.focus(),
			"+": () => this.setZoom(this.zoom * 1.2), "-": () => this.setZoom(this.zoom / 1.2),
			0: () => this.setZoom(1),
		};

		if ((name === "Enter" || name === " ") && this.current && this.current.contains(document.activeElement) &&
		    document.activeElement.classList.contains("words"))
			this.toggle(this.current);
		else if (Object.hasOwn(keys, name))
			keys[name]();
		else
			return false;
		return true;
	}
}
