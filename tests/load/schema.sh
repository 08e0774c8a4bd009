#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The JSON Schema of the language, by a validator of others: every scenario is valid;
# of tests/load/bad, those whose keys are wrong are not; and nothing in the loader's
# tables is missing in it.
cd "$srcdir" || exit 99
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
# Packages of the system are seen by its own Python.
for python in /usr/bin/python3 python3 none; do
	$python -c 'import jsonschema.validators as v, yaml; v.Draft202012Validator' \
		>"$dir/why" 2>&1 && break
done
echo 1..5
n=0
result() { # result TEXT BAD
	n=$((n + 1))
	[ -z "$2" ] && echo "ok $n - $1" && return
	echo "not ok $n - $1"
	echo "$2" | head -40 | sed 's/^/# /'
}

"$FUSESCEN" schema >"$dir/schema.json"
result 'there is a schema' "$([ -s "$dir/schema.json" ] || echo none)"
# A table has a name, which is a title in the schema.
missing() { # missing SCHEMA
	grep -rhoE 'struct schema [a-z_]+ = \{( "[^"]*",.*|$)|\[CHECK_[A-Z_]+\] = \{ "[^"]*"|^	+"[a-z _'"'"']+", (keys|none),' lib/load |
		grep -oE '"[^"]*"' | tr -d '"' | sort -u | while read -r title; do
			grep -qF "\"title\":\"$title\"" "$1" || echo "$title"
		done
}
result 'each table of the loader is in it' "$(missing "$dir/schema.json")"
result '... else it would be noticed' "$(sed 's/"title":"a hold"//' "$dir/schema.json" >"$dir/less.json"
	[ "$(missing "$dir/less.json")" = 'a hold' ] || echo 'it is not')"
if [ $python = none ]; then
	echo 'ok 4 - every scenario is valid # SKIP no python3-jsonschema and python3-yaml'
	echo 'ok 5 - wrong keys are not # SKIP the same'
	exit
fi
# unlike REGEX FILES VERDICTS: verdicts that are others, and files without one
unlike() {
	grep -v "$1" "$3"
	[ -s "$2" ] && [ "$(wc -l <"$2")" = "$(wc -l <"$3")" ] || echo 'not all were looked at'
}
cat >"$dir/valid.py" <<'END'
import sys
import jsonschema.validators
import yaml

schema = yaml.safe_load(open(sys.argv[1]))
jsonschema.validators.Draft202012Validator.check_schema(schema)
validator = jsonschema.validators.Draft202012Validator(schema)
loader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
for path in sys.stdin.read().split():
    try:
        tree = yaml.load(open(path), loader)
    except (yaml.YAMLError, ValueError):
        print(path, 'unread')
        continue
    error = next(validator.iter_errors(tree), None)
    print(path, 'valid' if error is None else
          'invalid at ' + '/'.join(map(str, error.absolute_path)))
END
find scenarios tests/load/good tests/run doc/examples -name '*.yaml' >"$dir/right"
$python "$dir/valid.py" "$dir/schema.json" <"$dir/right" >"$dir/good"
result 'every scenario is valid' "$(unlike ' valid$' "$dir/right" "$dir/good")"
# Keys that a mapping cannot have, or lacks.  Those of a reply and of a notification
# depend on the operation, which a schema does not see.
grep -lE 'error: unknown key of (a|an|held|wait|release)|error: (a|an) [a-z ]* needs "' tests/load/bad/*.err | grep -v -e notify -e protocol-use |
	sed 's/err$/yaml/' | xargs grep -LE 'cases:' >"$dir/wrong"
$python "$dir/valid.py" "$dir/schema.json" <"$dir/wrong" >"$dir/bad"
result 'wrong keys are not' "$(unlike ' invalid at ' "$dir/wrong" "$dir/bad")"
