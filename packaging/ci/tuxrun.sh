#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# tuxrun.sh BZIMAGE: the scenarios in a machine of tuxrun's.  fusescen is built for the
# image and packed by "make install DESTDIR=root".
set -e
tar -C root -cf overlay.tar .
tuxrun --device qemu-x86_64 --kernel "$1" --overlay overlay.tar \
	--save-outputs -- 'fusescen run --ktap /usr/share/fusescen/scenarios'
