#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen run --html: the page, and what a browser makes of it.
report=$(cd "${srcdir:-.}" && pwd)/fusescen/report
. "${srcdir:-.}/tests/cli/lib.sh"

cat >'<b>.yaml' <<'END'
# </script><img src=x onerror=alert(1)>
fusescen: 1
mounts: {fs: {files: {/data: {size: 4K, open: [direct_io]}}}}
rules: [{op: READ, hold: gate}]
cases: [{case: one, size: 4K}, {case: two, size: 1}]
actors: [app, other]
steps:
  - app: fd = open("/data", O_RDWR)
  - app: pread(fd, ${size}, 0) ...
  - held: gate
  - blocked: app
  - other: access("/</script><!--", F_OK) = -1 ENOENT
  - release: gate
  - app: ... = ${size}
expect:
  - never: LOOKUP /data
END
fs run --html page.html '<b>.yaml'
ok 'it fails' gave 1
ok 'nothing is fetched' sh -c '! grep -oE "(src|href)=.?[a-z]*:|url\(|@import" page.html'
ok 'no address but that of SVG' [ "$(grep -oE 'https?://[a-z0-9./]*' page.html | sort -u)" = http://www.w3.org/2000/svg ]
ok 'no markup of others' sh -c '! grep -qE "<(img|b>|!--)" page.html'
ok 'as many scripts end as begin' [ "$(grep -o '<script' page.html | wc -l)" = "$(grep -o '</script' page.html | wc -l)" ]
ok 'reports without scripts' sh -c 'sed -n "/<noscript>/,/<.noscript>/p" page.html | grep -q "expected: .*never: LOOKUP /data"'
ok 'a log for each run' [ "$(grep -c 'type="application/jsonl"' page.html)" = 2 ]
sed -n '/id="events-0"/,/<.script>/p' page.html | sed '1d;$d' >events
if command -v jq >/dev/null; then
	ok 'its lines are JSON' jq -e . events
else
	skip 'its lines are JSON' 'no jq'
fi
fs run --html /nothere/page.html '<b>.yaml'
ok 'a file that cannot be written' gave 99
scenario pass.yaml 0
fs run --html passes.html --repeat 101 pass.yaml
ok 'many passes have no pictures' sh -c '! grep -q application/jsonl passes.html'
fs run --html passes.html --verbose --repeat 101 pass.yaml
ok '... but with --verbose' [ "$(grep -c application/jsonl passes.html)" = 101 ]

# Colours are variables of page.css: each has to be told from its background, in the
# light and in the dark.
contrasts() { # contrasts CSS: "SCHEME NAME BACKGROUND RATIO"
	awk '
	function part(hex,  v) {
		v = index("0123456789abcdef", substr(hex, 1, 1)) * 16 - 17
		v = (v + index("0123456789abcdef", substr(hex, 2, 1))) / 255
		return v <= .03928 ? v / 12.92 : exp(2.4 * log((v + .055) / 1.055))
	}
	function light(c) {
		return .2126 * part(substr(c, 2)) + .7152 * part(substr(c, 4)) + .0722 * part(substr(c, 6))
	}
	function ratio(a, b) { a = light(a); b = light(b); return a > b ? (a + .05) / (b + .05) : (b + .05) / (a + .05) }
	/^@media/ { scheme = /dark/ ? "dark" : /print/ ? "print" : "other" }
	BEGIN { scheme = "light" }
	{
		while (match($0, /--[a-z]+: #[0-9a-f]+/)) {
			split(substr($0, RSTART + 2, RLENGTH - 2), pair, ": ")
			colour[scheme, pair[1]] = pair[2]
			$0 = substr($0, RSTART + RLENGTH)
		}
	}
	END {
		n = split("fg dim link pass fail skip xfail xpass error held blocked notify", text)
		m = split("bg panel mark", back)
		k = split("light dark print", schemes)
		for (s = 1; s <= k; s++) for (i = 1; i <= n; i++) for (j = 1; j <= m; j++)
			print schemes[s], text[i], back[j], ratio(colour[schemes[s], text[i]], colour[schemes[s], back[j]])
	}' "$1"
}
contrasts "$report/page.css" >ratios
ok 'every colour is compared' [ "$(wc -l <ratios)" = 108 ]
ok 'each has a contrast of 4.5' sh -c '! awk "\$4 < 4.5" ratios | grep .'
ok 'what is not typed yet, too' grep -q '^::placeholder { color: var(--dim); opacity: 1; }' "$report/page.css"
sed 's/--skip: #5a6069/--skip: #8a8a8a/' "$report/page.css" >pale.css
contrasts pale.css >pale
ok '... and a pale one is found' grep -q '^light skip bg 3\.4' pale

# The rest needs a browser.
if ! has_browser; then
	skip 'in a browser' 'no chromium that works'
	done_testing
	exit
fi
dom page.html
ok 'it draws' in_dom '<html[^>]* data-drawn="[1-9]'
ok '... without an error' sh -c '! grep -q "<html[^>]*data-error" dom'
ok '... the first that failed' in_dom '<h2><span class="fail">fail</span> &lt;b&gt;.yaml \(one\)'
ok '... actors, kernel and server' in_dom '<span[^>]*>app</span><span[^>]*>other</span><span[^>]*>kernel</span><span[^>]*>fs</span>'
ok '... where it failed' in_dom 'class="row request marked"'
ok '... nothing of others is markup' sh -c '! grep -qE "<(img|b>)" dom'
dom page.html '#%3Cb%3E.yaml:two'
ok 'an address' in_dom '<h2><span class="fail">fail</span> &lt;b&gt;.yaml \(two\)'

# Of two checks one holds, and of a run that ends before its last step none is judged.
cat >checks.yaml <<'END'
# One of the checks holds
fusescen: 1
mounts: {fs: {files: {/data: {}}}}
actors: [app]
cases: [{case: good, is: 0}, {case: bad, is: -1 EIO}]
steps:
  - app: access("/data", F_OK) = ${is}
expect:
  - order:
    - LOOKUP /data
    - app access = 0
  - {count: LOOKUP /data, is: 2}
timeout: 5s
END
fs run --html checks.html checks.yaml
dom checks.html '#checks.yaml:good'
ok 'a check that holds' in_dom '<span class="good" title="holds">  - order:'
ok '... and one that does not' in_dom '<span class="wrong">  - \{count: LOOKUP'
dom checks.html '#checks.yaml:bad'
ok '... and where none was judged' sh -c '! grep -q "class=.good" dom'

# script NAME: page.html with the script of standard input behind its own
script() {
	{ cat page.html; echo '<script>'; cat; echo '</script>'; } >"$1"
}
script click.html <<'END'
document.querySelector(".row.blocked").click();
document.body.dataset.frames = document.querySelectorAll(".row.blocked .stack li").length;
END
dom click.html
if "$FUSESCEN" doctor | grep -q '^kernel_stack *no'; then
	skip 'a click: the stack' 'kernel stacks cannot be read here'
else
	ok 'a click: the stack' in_dom 'data-frames="([3-9]|[1-9][0-9])"'
fi
script keys.html <<'END'
const press = key => document.dispatchEvent(new KeyboardEvent("keydown", { key }));
press("f");
document.body.dataset.failure = picture.current.className;
picture.filter.value = "held";
picture.choose();
document.body.dataset.filtered = picture.visible().length;
press("+");
document.body.dataset.zoom = picture.node.style.getPropertyValue("--zoom");
press("n");
END
dom keys.html
ok 'keys: the failure' in_dom 'data-failure="row request marked"'
ok 'keys: zoom' in_dom 'data-zoom="1.2"'
ok 'keys: the next run' in_dom '<h2><span class="fail">fail</span> &lt;b&gt;.yaml \(two\)'
ok 'filter' in_dom 'data-filtered="1"'
{ cat page.html; echo '<script>nothing.at.all</script>'; } >broken.html
dom broken.html
ok 'an error in a script is seen' in_dom '<html[^>]*data-error="[^"]*nothing'
done_testing
