#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen matrix: the table, its forms, tables put together, and what cannot be
# read.  What kernels do is in canned tables; a script stands in for qemu.
. "${srcdir:-.}/tests/cli/lib.sh"

# table FILE KERNEL VERDICT...: of a.yaml, b.yaml, ...
table() {
	file=$1 kernel=$2 name=a
	shift 2
	{
		printf '{"fusescen_matrix": 1, "kernels": ["%s"], "rows": [' "$kernel"
		before=
		for verdict; do
			printf '%s{"file": "t/%s.yaml", "title": "what %s shows", "cells": {"%s": {"verdict": "%s", "summary": "why %s"}}}' \
				"$before" $name $name "$kernel" $verdict $verdict
			before=,
			name=$(echo $name | tr a-y b-z)
		done
		printf ']}\n'
	} >"$file"
}
table one.json 6.1.0-x pass pass fail xfail skip pass
table two.json 6.12.7+y pass skip fail pass skip xpass

fs matrix --from --json both.json --html both.html --markdown both.md one.json two.json
ok 'failures' gave 1
ok 'counts' out_has '^  1  6\.1\.0-x: 3 pass, 1 skip, 1 known failure, 1 fail$'
ok 'counts of the other' out_has '^  2  6\.12\.7\+y: 2 pass, 2 skip, 1 fail, 1 unexpected pass$'
sed -n '/^the kernels differ/,/^reasons/p' .out/out >rows
cat >expected <<'END'
the kernels differ: 3
  12
  .X  t/f.yaml
  .s  t/b.yaml
  x.  t/d.yaml

the same on all, and no pass: 2
  12
  FF  t/c.yaml
  ss  t/e.yaml

passed wherever they ran: 1

reasons:
END
ok 'differences first, and news first among them' cmp -s rows expected
ok 'a reason' out_has '^s why skip$'
ok 'a reason has its kernels' out_has '^    -2  t/b\.yaml$'
ok 'a reason has all its cases' out_has '^    12  t/e\.yaml$'
ok 'Markdown: what differs' grep -q '^| \[d\](../t/d.yaml) | what d shows | known failure | pass | why xfail |$' both.md
tail -n 7 both.md >list
cat >expected <<'END'

## Only on some kernels

These are skipped on the kernels named, for the reason given, and pass on all others.

* 6.12.7: why skip
  t/[b](../t/b.yaml)
END
ok 'Markdown: what only some have' cmp -s list expected
ok 'Markdown: not what is the same' sh -c '! grep -q "c.yaml" both.md'
ok 'Markdown: the heads' grep -q '| scenario | what it shows | 6.1.0 | 6.12.7 | why |' both.md
cp .out/out first
fs matrix --from both.json
ok 'JSON gives the same table' cmp -s .out/out first
fs matrix --from one.json one.json
ok 'the same twice is once' out_has '^  1  6\.1\.0-x: 3 pass, 1 skip'
table worse.json 6.1.0-x fail pass
fs matrix --from worse.json one.json
ok 'of two results the worse' out_has '^  F  t/a\.yaml$'
fs matrix --from one.json worse.json
ok 'whichever comes first' out_has '^  F  t/a\.yaml$'
fs matrix --from --verbose two.json
ok 'verbose lists the passes' out_has '^  \.  t/a\.yaml$'
table good.json 6.1.0-x pass xfail
fs matrix --from good.json
ok 'good' gave 0
table skips.json 6.1.0-x skip
fs matrix --from skips.json
ok 'all skipped' gave 77
fs matrix --from --json one.json one.json two.json
ok 'an input may be an output' grep -q '6.12.7+y' one.json

# --- a kernel that does not boot

table dead.json 6.1.0-x pass xfail
cat >dead2.json <<'END'
{"fusescen_matrix": 1, "kernels": ["new"], "rows": [
 {"file": "t/a.yaml", "title": "", "cells": {"new": {"verdict": "error", "summary": "does not boot", "text": "VFS: \u001bno root\nPanic\n"}}},
 {"file": "t/b.yaml", "title": "", "cells": {"new": {"verdict": "error", "summary": "does not boot"}}}]}
END
fs matrix --from --html dead.html dead.json dead2.json
ok 'no boot' gave 99
ok 'no boot is said once' out_has '^  2  new: nothing could be run: does not boot$'
ok 'no boot: the console, without control characters' out_has '^       VFS: \\x1bno root$'
ok 'no boot is no difference' out_lacks 'kernels differ'
ok 'no boot: the page' grep -q '<pre>VFS: .*no root' dead.html

# --- hostile names

cat >hostile.json <<'END'
{"fusescen_matrix": 1, "kernels": ["<k>&\"'|`"], "rows": [{"file": "<script>/a|b](x)\u001b[31m.yaml", "case": "\"><img src=x>", "title": "</small>|<b>&amp;\ud83d\ude00",
 "cells": {"<k>&\"'|`": {"verdict": "fail", "summary": "</p><script>alert(1)</script>", "text": "</pre>]]>\u0001\n<!-- "}, "other": {"verdict": "pass"}}}]}
END
fs matrix --from --html h.html --json h.json --markdown h.md hostile.json
ok 'hostile names' gave 1
ok 'no control character in the text' sh -c '! grep -q "$(printf "\033")" .out/out h.html h.json h.md'
ok 'no markup in the page' sh -c '! grep -qE "<(script>a|img|b>|k>|!--)" h.html'
ok 'no markup in Markdown' sh -c '! grep -qE "<(script|img|b>|k>)" h.md'
ok 'no more cells in Markdown' grep -qF 'a\|b\](x)' h.md
fs matrix --from h.json --json h2.json
ok 'JSON keeps them' cmp -s h.json h2.json
cat >bytes.json <<'END'
{"fusescen_matrix":1,"kernels":["\u009bk"],"rows":[{"file":"\u202e\u00c0","cells":{"\u009bk":{"verdict":"pass"}}}]}
END
fs matrix --from -v --html bytes.html --json bytes2.json bytes.json
ok 'characters that a terminal obeys are escaped' out_has '\\xc2\\x9bk'
ok 'others are shown' out_has '\\xe2\\x80\\xaeÀ'
ok 'characters that a terminal obeys are escaped in JSON' grep -q '"\\u009bk": {"verdict": "pass"}' bytes2.json
ok 'and in HTML replaced' grep -q "$(printf '\357\277\275')k" bytes.html
for page in both dead h bytes; do
	if command -v xmllint >/dev/null; then
		ok "well-formed: $page.html" xmllint --noout $page.html
	else
		skip "well-formed: $page.html" 'no xmllint'
	fi
done
ok 'the page needs nothing else' sh -c '! grep -qE "src=|href=.[^#]|url\(|@import" both.html'
ok 'a case has an address' grep -q 'id="t/b.yaml"' both.html

# --- pictures, and a browser

if can_run; then
	proof_scenario proof.yaml
	sed 's/ = 4K$/ = 1/; s/^# /# <b>/' proof.yaml >'<b> wrong.yaml'
	fs matrix --html run.html --json run.json proof.yaml '<b> wrong.yaml'
	ok 'a failure has a picture' [ "$(grep -c 'id="events-' run.html)" = 1 ]
	ok 'its address has no blank' grep -q 'id="%3cb%3e%20wrong.yaml"' run.html
	ok 'JSON has no events' sh -c '! grep -q "\"seq" run.json'
	if command -v xmllint >/dev/null; then
		ok 'well-formed: run.html' xmllint --noout run.html
	fi
	fs run --log run.log --junit run.xml proof.yaml '<b> wrong.yaml'
	fs matrix --from run.json
	mv .out/out from-table
	for from in run.log run.xml; do
		fs matrix --from --html $from.html $from
		ok "$from: the same table" cmp -s from-table .out/out
	done
	ok 'a log has pictures' [ "$(grep -c 'id="events-' run.log.html)" = 1 ]
	fs run --shard 1/2 --junit one.xml proof.yaml '<b> wrong.yaml'
	fs run --shard 2/2 --log two.log proof.yaml '<b> wrong.yaml'
	fs matrix --from one.xml two.log
	ok 'shards in two forms make the same table' cmp -s from-table .out/out
	if has_browser; then
		{ cat run.html && cat <<'END'; } >open.html
<script>
document.querySelector(".cells details").open = true;
drawCell(document.querySelector("[data-run]"));
document.querySelector("#filter input").value = "nothing like it";
document.querySelector("#filter input").dispatchEvent(new Event("input"));
</script>
END
		dom open.html
		ok 'a cell: the picture' in_dom '<li class="row call'
		ok 'a cell: what failed in it' in_dom 'class="failed"'
		ok 'the filter' in_dom '0 of 1 cases'
		ok 'no error' sh -c '! grep -q "<html[^>]*data-error" dom'
	else
		skip 'in a browser' 'no chromium that works'
	fi
else
	skip 'pictures' 'nothing runs here'
fi

# --- what is no table

refused() { # refused MESSAGE TEXT
	printf "$2" >bad.json
	fs matrix --from bad.json
	what=$(echo "$2" | tr -d '\n\\')
	ok "no table: $what: status" gave 99
	ok "no table: $what: output" [ ! -s .out/out ]
	ok "no table: $what: message" err_has "^fusescen: bad\.json:?$1"
}
refused '1: this is not JSON' ''
refused '2: this is not JSON' '{\n"a" 1}'
refused '1: this is not JSON' '{"a": 1} x'
refused '1: this is not JSON' '["a'
refused '1: this is not JSON' '["\\\\'
refused '1: this is not JSON' '["\\u0000"]'
refused '1: this is not JSON' '["\\ud800"]'
refused '1: this is not JSON' '["\\377"]'
refused '1: this is not JSON' '[1,]'
refused '1: this is not JSON' "$(printf '%40s' | tr ' ' '[')"
refused ' the JSON is nested too deeply' "$(printf '%40s' | tr ' ' '[')$(printf '%40s' | tr ' ' ']')"
refused ' no table' '{}'
refused ' no table' '{"fusescen_matrix": 2, "kernels": [], "rows": []}'
refused ' a row without' '{"fusescen_matrix": 1, "kernels": [], "rows": [1]}'
refused ' a cell without' '{"fusescen_matrix": 1, "kernels": [], "rows": [{"file": "a", "cells": {"k": {"verdict": "good"}}}]}'
junit() { # junit TEXT: a document with this in it, for refused()
	printf '<testsuites><testsuite name="f"><properties><property name="kernel" value="k"/></properties>%s</testsuite></testsuites>' "$1"
}
refused ' "<" without an element' '<?xml version="1.0"?><testsuites/>'
refused ' "<" without an element' '<!DOCTYPE x [<!ENTITY a "b">]><x/>'
refused ' it ends too early' "$(junit '<testcase name="a"/>' | sed 's/.......$//' | sed 's/<.test.*//')"
refused ' an element ends that' '<a><b></a></b>'
refused ' elements where none' '<a/><b/>'
refused ' an attribute that' "$(junit '<testcase name="&x;"/>')"
refused ' an attribute that' "$(junit '<testcase name="\377"/>')"
refused ' text that cannot be read' "$(junit '<testcase name="a"><failure>\001</failure></testcase>')"
refused ' a case without name' '<testsuite name="f"><testcase name="a"/></testsuite>'
refused ' a line that is no event' '{"event":"run","file":"f"}\n[]'
refused ' a verdict of no run' '{"event":"verdict","verdict":"pass"}'
refused ' a run without' '{"event":"run","file":"f"}\n{"event":"verdict","verdict":"good","kernel":"k"}'
junit '<testcase name="a&lt;b"><failure message="m" type="xpass">t&amp;u</failure></testcase>' >good.xml
fs matrix --from --json good.xml.json good.xml
ok 'JUnit: what it says' grep -q '"case": "a<b"' good.xml.json
ok 'JUnit: an unexpected pass' grep -q '"k": {"verdict": "xpass", "summary": "m", "text": "t&u"}' good.xml.json
fs matrix --from nothere.json
ok 'no such file' err_has 'nothere\.json: No such file'
fs matrix --from --kernel 6.1 one.json
ok '--from with --kernel' gave 99
fs matrix --from --json /nowhere/x one.json
ok 'a file that cannot be written' gave 99

# --- running

mkdir -p cache/kernels/6.12.1 cache/kernels/7.9
echo "no kernel" | tee cache/kernels/6.12.1/vmlinuz >cache/kernels/7.9/vmlinuz
FUSESCEN_CACHE=$work/cache FUSESCEN_QEMU=$work/qemu
export FUSESCEN_CACHE FUSESCEN_QEMU
printf '#!/bin/sh\necho "VFS: no root" >&3\nexit 1\n' >qemu
chmod +x qemu
scenario x.yaml 0
fs matrix --kernel 6.12,7.9 x.yaml
ok 'no kernel boots' gave 99
ok 'no kernel boots: said of each' out_has '^  2  7\.9: nothing could be run: the kernel does not boot'
ok 'no kernel boots: the console' out_has 'VFS: no root'
echo 'fusescen: 2' >broken.yaml
fs matrix --kernel 6.12 --json broken.json x.yaml broken.yaml
ok 'a file that cannot be loaded' gave 99
ok 'it is named' out_has '^  broken\.yaml$'
fs matrix --from broken.json good.json
ok 'it is not forgotten' out_has '^  broken\.yaml$'
fs matrix --kernel 5 x.yaml
ok 'an unknown kernel' err_has 'no kernel "5"'
if can_run; then
	scenario y.yaml '-1 ENOENT'
	fs matrix --json native.json x.yaml y.yaml
	ok 'this kernel: a failure' gave 1
	ok 'this kernel: its name' out_has '^  1  .*, native: 1 pass, 1 fail$'
	ok 'this kernel: the title' grep -q '"title": "x.yaml"' native.json
	ok 'this kernel: the ladder' grep -q '"text": ".*expected:.*ENOENT' native.json
else
	skip 'this kernel' 'nothing can run here'
fi
done_testing
