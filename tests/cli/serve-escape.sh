#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Who uses a mirror tries to get out of its directory, while somebody on the host
# puts links to the outside in place of directories, and directories elsewhere.
. "${srcdir:-.}/tests/cli/lib.sh"

if ! can_run; then
	echo '1..0 # SKIP nothing can run here: see fusescen doctor'
	exit
fi
if ! command -v python3 >/dev/null; then
	echo '1..0 # SKIP no python3 to play the two'
	exit
fi
# A link out of host/dir leads to host/outside there, and nowhere from the mount:
# whatever happens in host/outside, the server did.  (An absolute link a client
# follows by itself, and may.)
mkdir -p client/mnt host/dir/a/deep host/dir/b host/outside/deep host/moved
echo secret >host/outside/secret
echo secret >host/outside/deep/secret
echo inside >host/dir/a/secret
echo inside >host/dir/a/deep/secret
cat >plain.yaml <<'END'
# Nothing is kept by the kernel, so that the server resolves every name
fusescen: 1
mounts: {fs: {timeouts: {entry: 0, attr: 0}, workers: 4}}
END
# swap.py: until it is killed, something else is at host/dir/a, .../a/deep and .../f
cat >swap.py <<'END'
import os

def attempt(call, *args):
    try:
        call(*args)
    except OSError:
        pass        # a client was there first

def put(link, at, aside):
    """A link where a directory is, for a moment."""
    attempt(os.rename, at, aside)
    attempt(os.symlink, link, at)
    attempt(os.unlink, at)
    attempt(os.rename, aside, at)

os.chdir("host/dir")
print("ready", flush=True)
while True:
    put("../outside", "a", "../moved/a")
    put("../../outside/deep", "a/deep", "b/deep")
    attempt(os.symlink, "../outside/secret", "f")
    attempt(os.unlink, "f")
    attempt(os.mkdir, "f")
    attempt(os.rmdir, "f")
END
# try.py ROUNDS: everything that a name can be used for; prints what it got
cat >try.py <<'END'
import os, sys

def attempt(call, *args, **kw):
    try:
        return call(*args, **kw)
    except OSError:
        return None

def read(path):
    got = attempt(open, path, "rb")
    return got and got.read()

def write(path):
    fd = attempt(os.open, path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    if fd is not None:
        os.write(fd, b"broken")
        os.close(fd)

seen = set()
for i in range(int(sys.argv[1])):
    for path in "a/secret", "a/deep/secret", "f", "f/secret", "a/deep/../secret":
        seen.add(read(path))
    for dir in "a", "a/deep", "f":
        attempt(os.listdir, dir)
        write(dir + "/new")
        attempt(os.rename, dir + "/new", dir + "/newer")
        attempt(os.link, "b/own", dir + "/linked")
        attempt(os.symlink, "x", dir + "/pointer")
        attempt(os.mkdir, dir + "/made")
        attempt(os.mknod, dir + "/node")
        for name in "newer", "linked", "pointer", "node":
            attempt(os.unlink, dir + "/" + name)
        attempt(os.rmdir, dir + "/made")
        attempt(os.chmod, dir + "/secret", 0o600, follow_symlinks=i % 2)
        attempt(os.setxattr, dir + "/secret", "user.x", b"y")
    write("f")
    attempt(os.truncate, "f", 3)
    attempt(os.unlink, "f")
    write("b/own")
    attempt(os.rename, "b/own", "a/deep/stolen")
    attempt(os.unlink, "a/deep/stolen")
print(*sorted(str(s, "ascii").strip() or "empty" for s in seen if s is not None))
END
state() { # of what is outside, as text
	(cd host/outside && find . -printf '%p %y %m %s %n %T@ %C@\n' | sort &&
		cat secret deep/secret)
}
cat >both.sh <<'END'
python3 swap.py >ready &
swap=$!
while ! grep -q ready ready; do kill -0 $swap || exit 2; sleep 0.1; done
cd client/mnt
python3 ../../try.py 50 & first=$!
python3 ../../try.py 50 && wait $first && kill $swap
END
state >before
fs serve --backing host/dir plain.yaml client/mnt -- sh both.sh
state >after
ok 'two clients and a swapper' gave 0
ok 'they were inside' out_has inside
ok 'and saw nothing from outside' out_lacks secret
ok 'nothing is changed outside' cmp -s before after
diff before after | sed 's/^/# /'

# The same without us, where the link lies still: that is what it looks like.
rm -rf host/dir/a
ln -s ../outside host/dir/a
fs serve --backing host/dir plain.yaml client/mnt -- sh -c 'cd client/mnt && python3 ../../try.py 1'
state >after
ok 'a link that lies still does not lead out' out_lacks secret
ok '... either' cmp -s before after
(cd host/dir && python3 ../../try.py 1) >.out/out 2>.out/err
state >after
ok 'a client of the host itself gets out' out_has secret
changed() { ! cmp -s before after; }
ok '... and that is seen' changed
done_testing
