#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Control clients that misbehave, and sockets that cannot be made: the server says
# what is wrong and goes on serving.
. "${srcdir:-.}/tests/cli/lib.sh"

if ! can_run; then
	echo '1..0 # SKIP nothing can run here: see fusescen doctor'
	exit
fi
if ! command -v python3 >/dev/null; then
	echo '1..0 # SKIP no python3 to play the client'
	exit
fi
mkdir mnt
cat >plain.yaml <<'END'
# Nothing but a mount
fusescen: 1
mounts: {fs: {files: {/data: {size: 64K}}}}
rules: [{op: READ, hold: door}]
END
cat >client.py <<'END'
import os, socket, sys, time

def connect():
    s = socket.socket(socket.AF_UNIX)
    s.connect("sock")
    s.settimeout(100)
    return s

def lines(s):
    data = b""
    try:
        while True:
            more = s.recv(65536)
            if not more:
                break
            data += more
    except ConnectionError:
        pass
    return data.decode().splitlines()

def ask(s, text):
    s.sendall(text.encode() + b"\n")
    f = s.makefile()
    return f.readline()

def works():
    return ask(connect(), '{"gates": true}').startswith('{"ok":true')

def garbage():
    s = connect()
    for text in ["", "   ", "garbage", "{", "}", "[]", "null", "{}", '{"gates"}',
                 '{"gates": [1, 2]}', '{"a": 1, "b": 2}', "[" * 1000,
                 "{a: " * 500, "&a [*a]", "!!python/object:x", "\t", "\x01",
                 '{"release": {"gate": "door", "count": -1}}',
                 '{"release": {"gate": "door", "nth": 99999999999999999999}}',
                 '{"tail": 100000000}', '{"set": {}}', '{"notify": {}}',
                 '{"enable": ""}', '{"answer": {"gate": "door"}}',
                 '{"release": "\\ud800"}', '"' + "x" * 60000 + '"']:
        if not text.strip():
            s.sendall(text.encode() + b"\n")
            continue
        answer = ask(s, text)
        if not answer.startswith('{"ok":false,"error":"'):
            if not (text == '{"set": {}}' and "ok" in answer) and \
               not ("answer" in text and "ok" in answer):
                print("answer to", repr(text[:60]), "is", answer)
                return False
    s.sendall(b"\xff\xfe\x00\n" + b'{"gates": true}\n')
    f = s.makefile()
    return "NUL" in f.readline() and f.readline().startswith('{"ok":true')

def binary():
    s = connect()
    s.sendall(os.urandom(50000) + b"\n")
    s.shutdown(socket.SHUT_WR)
    return len(lines(s)) > 0

def gigabyte():
    s = connect()
    chunk, sent = b"x" * (1 << 20), 0
    try:
        while sent < 1 << 30:
            sent += s.send(chunk)
    except ConnectionError:
        pass
    got = lines(s)
    return sent < 1 << 30 and len(got) == 1 and "(limit ctl_line)" in got[0]

def lines_of_a_gigabyte():
    """Many commands and no look at the answers: it is not listened to."""
    s = connect()
    s.settimeout(2)
    chunk, sent = b'{"gates": true}\n' * 4096, 0
    try:
        while sent < 1 << 30:
            sent += s.send(chunk)
    except socket.timeout:
        pass
    return sent < 1 << 27

def crowd():
    all_ = [connect() for i in range(32)]
    for s in all_:
        if not ask(s, '{"gates": true}').startswith('{"ok":true'):
            return False
    late = lines(connect())
    for s in all_:
        s.close()
    time.sleep(0.1)
    return len(late) == 1 and "(limit ctl_clients)" in late[0]

def several():
    s = connect()
    s.sendall(b'{"gates": true}\n{"rules": true}\n{"states": true}')
    s.shutdown(socket.SHUT_WR)
    got = lines(s)
    return [g[11:17] for g in got] == ['"gates', '"rules', '"state']

def vanish():
    for i in range(200):
        s = connect()
        s.sendall(b'{"tail": "follow"}\n' if i % 2 else b'{"stats": tr')
        s.close()
    return True

ok = globals()[sys.argv[1]]() and works()
sys.exit(0 if ok else 1)
END
for what in works garbage binary gigabyte lines_of_a_gigabyte crowd several vanish; do
	fs serve -s sock plain.yaml mnt -- timeout 50 python3 client.py $what
	ok "a client: $what" gave 0
done
cat >memory.sh <<'END'
python3 client.py gigabyte && python3 client.py lines_of_a_gigabyte &&
	python3 client.py garbage || exit 2
for p in $(pgrep -P $PPID); do
	awk '/VmHWM/ { if ($2 > 100000) exit 3 }' /proc/$p/status || exit 3
done
END
fs serve -s sock plain.yaml mnt -- sh memory.sh
ok 'the server does not grow' gave 0

fs serve -s sock plain.yaml mnt -- stat -c %a%F sock
ok 'the socket is its owner'"'"'s' out_is '600socket\n'
fs serve -s no/such/sock plain.yaml mnt -- true
ok 'a socket that cannot be made' gave 99
ok '... is named' err_has 'control socket "no/such/sock": No such file'
fs serve -s plain.yaml plain.yaml mnt -- true
ok 'a file is in the way' gave 99
ok '... and stays' test -s plain.yaml
long=$(printf '%0200d' 0)
fs serve -s "$long" plain.yaml mnt -- true
ok 'a path that is too long' gave 99
ok '... for a socket' err_has 'a path of 1 to 107 bytes'
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("stale")'
fs serve -s stale plain.yaml mnt -- true
ok 'a socket nobody listens to is replaced' gave 0
fs serve -s sock plain.yaml mnt -- "$FUSESCEN" serve -s sock plain.yaml . -- true
ok 'one that somebody listens to is not' gave 99
ok '... and that is said' err_has 'control socket "sock": Address already in use'
done_testing
