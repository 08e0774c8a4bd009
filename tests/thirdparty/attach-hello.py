# SPDX-License-Identifier: GPL-2.0-or-later
# A filesystem of one file for pyfuse3, which has a loop of its own over libfuse 3.
import errno
import os
import stat
import sys

import pyfuse3
import trio


class Hello(pyfuse3.Operations):
    async def getattr(self, inode, ctx=None):
        entry = pyfuse3.EntryAttributes()
        entry.st_ino = inode
        root = inode == pyfuse3.ROOT_INODE
        entry.st_mode = stat.S_IFDIR | 0o755 if root else stat.S_IFREG | 0o644
        entry.st_size = 0 if root else 5
        return entry

    async def lookup(self, parent, name, ctx=None):
        if name != b'a':
            raise pyfuse3.FUSEError(errno.ENOENT)
        return await self.getattr(2)

    async def opendir(self, inode, ctx):
        return inode

    async def readdir(self, fh, start, token):
        if start == 0:
            pyfuse3.readdir_reply(token, b'a', await self.getattr(2), 1)

    async def open(self, inode, flags, ctx):
        return pyfuse3.FileInfo(fh=inode)

    async def read(self, fh, off, size):
        return b'text\n'[off:off + size]


pyfuse3.init(Hello(), sys.argv[1], set(pyfuse3.default_options) | {'fsname=hello'})
try:
    trio.run(pyfuse3.main)
finally:
    pyfuse3.close(unmount=True)
