#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Help, the version, and mistakes on the command line.
. "${srcdir:-.}/tests/cli/lib.sh"

narrow() { ! grep -E ".{81}" "$1"; }

for word in --help -h; do
	fs $word
	ok "$word" gave 0
	ok "$word lists the commands" out_has '^  run .*FILE'
	ok "$word: 80 columns" narrow .out/out
done
for word in --version -V; do
	fs $word
	ok "$word" gave 0
	ok "$word prints one line" out_has '^fusescen [0-9]+\.[0-9]+'
done
for command in run minimize export import record matrix serve attach ctl bench mutate check list doctor schema; do
	fs $command --help
	ok "$command --help" gave 0
	ok "$command --help says how" out_has "^Usage: fusescen $command "
done

for command in run minimize export import record matrix serve attach ctl bench mutate check list doctor schema; do
	fs $command --help
	cp .out/out with-option
	fs help $command
	ok "help $command" cmp -s with-option .out/out
	ok "help $command: 80 columns" narrow .out/out
	sed -nE 's/^  -(.), --([a-z-]+).*/\1 \2/p' with-option >>letters
done
ok 'there are letters' grep -q '^k kernel$' letters
ok 'a letter means the same everywhere' test -z \
	"$(sort -u letters | cut -d' ' -f1 | uniq -d)"
fs help
ok 'help' gave 0
ok 'help lists the commands' out_has '^  run .*FILE'

# What it explains is what a ladder has.
fs help ladder
ok 'help ladder' gave 0
cp .out/out ladder
ok 'help ladder: 80 columns' narrow ladder
explains() { grep -qF -e "$1" ladder; }
for sign in '├ blocked: ' ' .. ' ' < ' 'held (' 'released (' 'reply = 0 (4K)' '-- release: ' \
	'(process ended)'; do
	ok "help ladder: $sign" explains "$sign"
	ok "... is printed" grep -rqF -e "$sign" "${srcdir:-.}/lib" "${srcdir:-.}/tests" "${srcdir:-.}/README.md"
done

fs
ok 'no command' gave 99
ok 'no command, a hint' err_has 'no command.*--help'
fs rum
ok 'unknown command' gave 99
ok 'unknown command is named' err_has 'unknown command "rum" \(did you mean run\?\)'
fs help matirx
ok 'help for an unknown command' gave 99
ok 'help for an unknown command, a hint' err_has 'did you mean matrix'
fs test x.yaml
ok 'what others call it' err_has 'unknown command "test" \(did you mean run\?\)'
echo >there.yaml
fs there.yaml
ok 'a file is no command' gave 99
ok '... but can be run' err_has '"there.yaml"; "fusescen run there.yaml" runs what is in it'
fs frobnicate
ok 'nothing like it' err_has 'unknown command "frobnicate"; "fusescen --help"'
for command in run minimize export import record matrix serve attach ctl bench mutate check; do
	fs $command
	ok "$command of nothing" gave 99
	ok "$command of nothing says what it needs" err_has "^fusescen: $command"
done
fs doctor x
ok 'doctor takes no arguments' gave 99
fs schema x
ok 'schema takes no arguments' gave 99

try() { # try MESSAGE OPTION...
	message=$1
	shift
	fs run "$@" x.yaml
	ok "run $*: status" gave 99
	ok "run $*: message" err_has "$message"
}
try 'unknown option --bla' --bla
try 'unknown option -y$' -y
try 'unknown option -x \(here it is --fail-fast\)' -x
try 'unknown option -n \(here it is --jobs N\)' -n 4
try 'unknown option --lf \(here it is --last-failed\)' --lf
try 'unknown option --maxfail \(here it is --fail-fast\)' --maxfail=1
try 'unknown option --junit-xml \(here it is --junit FILE\)' --junit-xml=a
try '-k is --kernel; cases are chosen with --case GLOB' -k red
fs check -x x.yaml
ok 'a hint is for commands that have the option' err_has 'unknown option -x$'
try 'unknown option --repaet \(did you mean --repeat\?\)' --repaet 3
try '--color: "pink" is not auto, always or never' --color pink
try '--shuffle: "x" is not a number' --shuffle=x
try '--tap takes no value' --tap=1
try '--jobs: "0" is not a number from 1 on' --jobs 0
try '--jobs: "x" is not a number from 1 on' -jx
try '--repeat: "" is not a number' --repeat=
try '--repeat: "99999999999" is not' --repeat 99999999999
try '--timeout: "3" is not a time' --timeout 3
try '--timeout: "0s" is not a time' --timeout 0s
try '--seed: "-1" is not a number' --seed -1
fs run x.yaml --log
ok 'a value is missing' err_has '--log needs a value \(FILE\)'
fs run x.yaml -j
ok 'a value of a letter is missing' err_has '-j needs a value \(N\)'
fs run -- --help
ok '-- ends the options' err_has '--help: No such file'

if [ -w /dev/full ]; then
	timeout 60 "$FUSESCEN" --help >/dev/full 2>.out/err
	status=$?
	ok 'output that cannot be written' gave 99
fi
done_testing
