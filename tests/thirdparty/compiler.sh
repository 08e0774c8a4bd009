#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A part of this project (with THOROUGH, all of it) is copied to a mount and built
# into a library there, which is the same, byte by byte, as one built elsewhere.
. "${srcdir:-.}/tests/thirdparty/lib.sh"
needs make ar cmp "${CC:-cc}"

cat >Makefile <<END
sources = \$(wildcard $(size 'lib/base/*.c' 'lib/base/*.c lib/wire/*.c lib/model/*.c lib/engine/*.c lib/load/*.c lib/report/*.c'))
lib.a: \$(sources:.c=.o)
	\$(AR) rcD \$@ \$^
%.o: %.c
	${CC:-cc} -std=gnu11 -D_GNU_SOURCE -O1 ${LIB_CFLAGS:-} -iquote lib -iquote . -MD -c -o \$@ \$<
END
builddir=${builddir:-.}
case $builddir in /*) ;; *) builddir=$here/../../$builddir ;; esac
cat >build.sh <<END
set -e
mkdir -p \$1
cp -r $here/../../lib Makefile $builddir/config.h \$1
make -s -j2 -C \$1 lib.a
END
sh build.sh elsewhere >.out/out 2>.out/err
status=$?
ok 'the library is made elsewhere' gave 0
cat >both.sh <<'END'
sh build.sh mnt/project && cmp mnt/project/lib.a elsewhere/lib.a &&
	make -s -q -C mnt/project lib.a
END
everywhere 'compiler' sh both.sh
on mirror "$here/full.yaml" sh both.sh
ok 'compiler: a full disk fails the build' test "$status" != 0
ok '... and says why' err_has 'No space left on device'
done_testing
