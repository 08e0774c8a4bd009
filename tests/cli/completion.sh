#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen completion: what the shells make of it.  Each is asked for words, where
# it is there.
. "${srcdir:-.}/tests/cli/lib.sh"

FUSESCEN_CACHE=$work/cache
export FUSESCEN_CACHE
mkdir -p cache/kernels/6.12.1-test cache/kernels/7.3
: >a-file.yaml
commands=$("$FUSESCEN" --help | sed -nE 's/^  ([a-z]+) .*/\1/p')

for shell in bash zsh fish; do
	fs completion $shell
	ok "$shell: status" gave 0
	cp .out/out script.$shell
	for command in $commands; do
		"$FUSESCEN" $command --help | sed -nE 's/^  .*--([a-z-]+).*/\1/p' |
			grep -vx help >wanted
		while read -r option; do
			grep -qE -e "(-l |--)$option\b" script.$shell || echo "$command --$option"
		done <wanted >absent
		ok "$shell: options of $command" [ ! -s absent ]
	done
done
fs completion
ok 'no shell' gave 99
fs completion tcsh
ok 'another shell' gave 99
ok 'another shell: which there are' err_has 'bash, zsh or fish'

# completed WORD... wants: $want is the last word's completions
bash_words() { # bash_words WORD...
	bash -c '. ./script.bash; COMP_WORDS=(fusescen "$@"); COMP_CWORD=$#
		_fusescen; printf "%s\n" "${COMPREPLY[@]}"' - "$@"
}
offers() { # offers "WORD..." COMMAND...: exactly these
	[ "$(shift; "$@" | sort | tr '\n' ' ' | sed 's/ *$//')" = "$1" ]
}

if command -v bash >/dev/null; then
	ok 'bash: commands' offers 'completion' bash_words com
	ok 'bash: options' offers '--shard --shared --shuffle' \
		eval 'bash_words run --sh; bash_words serve --sh'
	ok 'bash: a file' offers 'a-file.yaml' bash_words run a-f
	ok 'bash: kernels' offers '6.12.1-test' bash_words run --kernel 6
	ok 'bash: words for an option' offers 'always auto' bash_words run --color a
	ok 'bash: topics' offers 'calls changes checks' bash_words list c
	ok 'bash: help' offers 'matrix' bash_words help ma
	ok 'bash: nothing for a number' offers '' bash_words run --repeat ''
else
	skip 'bash' 'no bash'
fi
if command -v zsh >/dev/null; then
	ok 'zsh can read it' zsh -n script.zsh
else
	skip 'zsh' 'no zsh'
fi
if command -v fish >/dev/null; then
	fish_words() { fish -c "source ./script.fish; complete -C 'fusescen $*'" | cut -f1; }
	HOME=$work
	export HOME
	ok 'fish: commands' offers 'completion' fish_words com
	ok 'fish: options' offers '--shard --shuffle' fish_words run --sh
	ok 'fish: kernels' offers '6.12.1-test' fish_words run --kernel 6
	ok 'fish: topics' offers 'calls changes checks' fish_words list c
else
	skip 'fish' 'no fish'
fi
done_testing
