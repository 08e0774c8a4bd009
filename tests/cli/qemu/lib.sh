# SPDX-License-Identifier: GPL-2.0-or-later
# A script that stands in for qemu, and what it needs to play a machine.  To be sourced
# behind the other lib.sh.

FUSESCEN_QEMU=$work/qemu
export FUSESCEN_QEMU

# Frames, as fusescen/vm/frame.c has them.
cat >frames.sh <<'END'
byte() { printf "\\$(printf %o "$1")"; }
le32() {
	byte $(($1 & 255)); byte $(($1 >> 8 & 255))
	byte $(($1 >> 16 & 255)); byte $(($1 >> 24 & 255))
}
number() { le32 "$1"; le32 0; }
text() { le32 ${#1}; printf '%s\0' "$1"; }
frame() { # frame KIND: the payload is standard input
	cat >payload.$$
	h=$(((2166136261 ^ $1) * 16777619 & 4294967295))
	for b in $(od -An -v -tu1 payload.$$); do
		h=$(((h ^ b) * 16777619 & 4294967295))
	done
	printf fsc1
	le32 "$1"
	le32 "$(wc -c <payload.$$)"
	le32 "$h"
	cat payload.$$
	rm payload.$$
}
hello() { text 6.12-fake | frame 5; }
alive() { frame 6 </dev/null; }
note() { text "$1" | frame 7; }
start() { say "fusescen: run $1"; number "$1" | frame 8; }
done_() { # done_ RUN VERDICT [SUMMARY [TEXT]]
	{ number "$1"; number "$2"; number 5000000; text "$3"; text "$4"; text ''; } | frame 9
}
bye() { frame 10 </dev/null; }
say() { printf '%s\r\n' "$*" >&3; }
END
cat >qemu <<'END'
#!/bin/sh
# in: a directory of the test; console is 3, channel 4
case " $* " in *' kvm '*) exit 1 ;; esac
echo "$*" >>arguments
echo $$ >>pids
boot=$(wc -l <arguments)
. ./frames.sh
. ./machine >&4
END
chmod +x qemu

# machine: what the next machines do, from standard input; $boot counts them
machine() {
	rm -f arguments pids
	cat >machine
}
booted() { [ "$(wc -l <arguments)" = "$1" ]; }
