#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen check: which files an argument stands for, and what is said about them.
. "${srcdir:-.}/tests/cli/lib.sh"

mkdir -p set/b empty
scenario good.yaml 0
scenario set/c.yaml 0
scenario set/b/a.yaml 0 'cases: [{case: one}, {case: two}]'
scenario set/b/.hidden.yaml nonsense
scenario set/b/notes.txt nonsense
ln -s ../.. set/b/loop.yaml
ln -s . set/b/here
scenario bad.yaml EIOO

fs check good.yaml
ok 'a good file' gave 0
ok 'a good file: silence' is_silent
fs check -v good.yaml set/b/a.yaml
ok '-v' out_is 'good.yaml: ok, 1 case\nset/b/a.yaml: ok, 2 cases\n'
fs check -v set
ok 'a directory, in order, without hidden files and links to directories' \
	out_is 'set/b/a.yaml: ok, 2 cases\nset/c.yaml: ok, 1 case\n'
fs check -v set//
ok 'a slash at its end' out_has '^set/c.yaml: ok'
fs check -v set/b/notes.txt
ok 'a file is taken whatever its name' gave 99

fs check bad.yaml
ok 'a bad file' gave 99
ok 'a bad file: where' err_has '^bad\.yaml:5:[0-9]+: error: '
ok 'a bad file: caret' err_has '^ +\| +\^'
fs check -v bad.yaml good.yaml
ok 'the others are checked too' out_is 'good.yaml: ok, 1 case\n'
ok 'and it still counts' gave 99

fs check nothere.yaml
ok 'no such file' gave 99
ok 'no such file is named' err_has 'nothere.yaml: No such file'
fs check empty
ok 'a directory without a scenario' gave 99
ok 'a directory without a scenario is named' err_has 'empty: no scenario'
fs check -v empty good.yaml
ok 'the others are checked too' out_has '^good.yaml: ok'
ok 'and it still counts' gave 99
done_testing
