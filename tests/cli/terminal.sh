#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Names, data and messages of others reach a terminal as text: no control
# characters, nothing that turns the direction of writing, no endless lines.
. "${srcdir:-.}/tests/cli/lib.sh"

LC_ALL=C
export LC_ALL
esc=$(printf '\033') csi=$(printf '\233') c1=$(printf '\302\233') rlo=$(printf '\342\200\256')

# Is all of it characters that a terminal shows, in lines that one reads?
is_text() { # is_text FILE...
	cat "$@" >.out/all
	! grep -qaP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]' .out/all &&
		iconv -f UTF-8 -t UTF-8 .out/all >/dev/null 2>&1 &&
		! grep -qE '.{1200}' .out/all
}
shown() { # shown TEXT [REGEX]: what the last command said, and this is in it
	ok "$1" is_text .out/out .out/err
	[ -z "$2" ] || ok "$1: it is shown" grep -qaE -e "$2" .out/out .out/err
}

# The test itself can say no.
for bad in "$esc" "$csi" "$c1" "$rlo"; do
	echo "a$bad" >bad
	ok "the test sees $(echo "$bad" | od -An -tx1)" eval '! is_text bad'
done
awk 'BEGIN { while (i++ < 2000) printf "a"; print "" }' >bad
ok 'the test sees a long line' eval '! is_text bad'

# --- the command line

long=$(awk 'BEGIN { while (i++ < 100000) printf "a" }')
for bad in "$esc[31m" "$csi" "$c1" "$rlo" "$long"; do
	name=$(echo "$bad" | cut -c1-8 | od -An -tx1)
	fs "x$bad"
	shown "a command:$name" 'unknown command'
	fs run "--x$bad"
	shown "an option:$name" 'unknown option'
	fs run --timeout "x$bad" .
	shown "the value of an option:$name" 'is not a time'
	fs run "x$bad"
	shown "a file that is missing:$name"
	fs check "x$bad"
	shown "a file to be checked:$name"
	fs list "x$bad"
	shown "a topic:$name" 'unknown topic'
	fs ctl sock "x$bad"
	shown "a word for a server:$name" 'unknown command'
	fs ctl "x$bad" gates
	shown "a socket that is missing:$name"
	fs run --kernel "x$bad" .
	shown "a kernel that is missing:$name"
	fs bench "x$bad"
	shown "a bench file that is missing:$name"
	fs matrix --from "x$bad"
	shown "a table that is missing:$name"
done

# --- files

bad=$(printf 'x\033[31m\302\233.yaml')
printf 'fusescen: 1\nsteps: [x]\n' >"$bad"
for command in run check matrix; do
	fs $command "$bad"
	shown "$command: a file's name" '^x.x1b\[31m.xc2.x9b.yaml:'
done
scenario plain.yaml 0
sed 1d plain.yaml >"$bad"
fs run -v "$bad"
shown 'a name in the line of a run' 'x.x1b\[31m.xc2.x9b.yaml'
fs run --tap "$bad"
shown 'a name in TAP' 'x.x1b\[31m.xc2.x9b.yaml'
fs check -v "$bad"
shown 'a name that is well' 'x.x1b\[31m.xc2.x9b.yaml: ok'
printf 'fusescen: 1\nmounts: {fs: {files: {/%s: {size: 4Kx}}}}\n' "$rlo" >a.yaml
fs check a.yaml
shown 'a source line' '\?.*4Kx'
printf 'fusescen: 1\nmounts: {fs: {files: {/%s: {size: 4Kx}}}}\n' "$esc" >a.yaml
fs check a.yaml
shown 'a source line that is no text' 'not a text file'
printf 'fusescen: 1\nmounts: {fs: {files: {/d: {size: %s}}}}\n' "$long" >a.yaml
fs check a.yaml
shown 'a long source line' 'error'
printf 'fusescen: 1\nmounts: {fs: {files: {/d: {"si\\e[31m": 4K}}}}\n"x\\e\\u202e": 1\n' >a.yaml
fs check a.yaml
shown 'an unknown key' 'unknown'
printf '{"fusescen_matrix":1,"kernels":[],"rows":[{"file":"\\u001b\\u009b","cells":{"k\\u001b":{"verdict":"fail","summary":"\\u001b","text":"\\u009b%s"}}}]}' "$long" >t.json
fs matrix --from -v t.json
shown 'a table of others' 'x1b'

# --- runs

if ! can_run; then
	skip 'runs and servers' 'nothing can run here: see fusescen doctor'
	done_testing
	exit
fi
cat >a.yaml <<'END'
fusescen: 1
mounts:
  fs:
    files:
      "/d\e[31m\u009b\u202e\n": {size: 4K}
      "/l": {link: "x\e[31m\u009b"}
actors: [app]
steps:
  - app: fd = open("/d\x1b[31m\xc2\x9b\xe2\x80\xae\n", O_RDWR)
  - app: stat("/none\x1b\x9b\xff") = 0
  - app: readlink("/l") = "y\x1b"
  - app: pwrite(fd, "\x1b[31m\x9b\u202e", 0) = 0
  - app: setxattr("/l", "user.\x1b\x9b", "\x1b\x9b") = 0
expect:
  - {count: "LOOKUP /none\x1b*", is: 7}
END
sed 's/fd = open.*/open("\/d\\x1b[31m\\xc2\\x9b\\xe2\\x80\\xae\\n", O_RDWR) = -1 EIO/; s/pwrite(fd, /chmod("\/\\x1b", /; s/", 0) = 0/", 0) = 5/; /pwrite\|chmod/d' a.yaml >b.yaml
for options in '' -v --tap; do
	# shellcheck disable=SC2086
	fs run $options a.yaml b.yaml
	shown "failures $options" '31m'
done
fs run --log a.log a.yaml
ok 'a log in JSON' is_text a.log

# A megabyte that is written, and what is wrong with it.
{
	cat <<-'END'
	fusescen: 1
	mounts: {fs: {files: {/data: {size: 4K}}}}
	actors: [app]
	steps:
	  - app: fd = open("/data", O_RDWR)
	END
	printf '  - app: pwrite(fd, "'
	i=0
	while [ $i -lt 10 ]; do printf %s "$long"; i=$((i + 1)); done
	echo '", 0) = 5'
} >a.yaml
for options in '' -v --tap; do
	# shellcheck disable=SC2086
	fs run $options a.yaml
	shown "a long argument $options" 'pwrite'
	ok "a long argument $options: the report is short" [ "$(wc -c <.out/out)" -lt 20000 ]
done

# --- servers

mkdir mnt
cat >gate.yaml <<'END'
fusescen: 1
states: {s: [a, b]}
mounts: {fs: {files: {"/d\e[31m\u009b": {size: 4K, open: [direct_io]}}}}
rules:
  - {op: READ, file: "/d*", hold: door}
END
cat >script.sh <<'END'
cat mnt/d* >/dev/null & reader=$!
for i in 1 2 3 4 5 6 7 8 9 10; do
	timeout 60 "$FUSESCEN" ctl sock gates | grep -q '1 held' && break
	sleep 0.1
done
for word in gates rules states stats 'tail 20' 'release x'; do
	timeout 60 "$FUSESCEN" ctl sock $word
	timeout 60 "$FUSESCEN" ctl --json sock $word
done
timeout 60 "$FUSESCEN" ctl sock release door
wait $reader
END
export FUSESCEN
fs serve -s sock gate.yaml mnt -- sh script.sh
shown 'what a server says' 'READ.*x1b.31m'
done_testing
