#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen run: results for other programs, and a text to be mailed.
. "${srcdir:-.}/tests/cli/lib.sh"

scenario hazard.yaml 0 'hazard: kernel_crash'
scenario bad.yaml EIOO
fs run --ktap bad.yaml hazard.yaml
ok 'KTAP: the version' test "$(head -1 .out/out)" = 'KTAP version 1'
ok 'KTAP: a skip' out_has '^ok 2 hazard.yaml # SKIP hazard'
ok 'KTAP: totals' out_has '^# Totals: pass:0 fail:0 xfail:0 xpass:0 skip:1 error:1$'
fs run --tap --ktap hazard.yaml
ok 'one of the two' gave 99
fs run --junit junit.xml bad.yaml hazard.yaml
ok 'JUnit: counted' grep -q '<testsuites name="fusescen" tests="2" failures="0" errors="1"' junit.xml
ok 'JUnit: a skip has its reason' grep -q '<skipped message="hazard: ' junit.xml
ok 'JUnit: errors are escaped' grep -q 'got &quot;EIOO&quot;' junit.xml
if command -v xmllint >/dev/null; then
	ok 'JUnit: it is XML' xmllint --noout junit.xml
else
	skip 'JUnit: it is XML' 'no xmllint'
fi
fs run --report mail hazard.yaml
ok 'mail: the tool' grep -q '^Tool:     fusescen ' mail
ok 'mail: the scenario' grep -q '^    hazard: kernel_crash' mail
ok 'mail: the result' grep -q '^Result: skip in 1 of 1 run$' mail
fs run --report mail - <hazard.yaml
ok 'mail: the scenario of standard input' grep -q '^    hazard: kernel_crash' mail
fs run --junit /nothere/x hazard.yaml
ok 'a file that cannot be written' gave 99
done_testing
