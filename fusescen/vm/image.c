/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel images.  A bzImage contains the packed vmlinux, and its header says
 * where (Documentation/arch/x86/boot.rst, protocol 2.08).  Main thread only. */
#include "config.h"

#include "fusescen/vm/image.h"

#include <elf.h>
#include <endian.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define SETUP_SECTS	0x1f1
#define HEADER_MAGIC	0x202	/* "HdrS" */
#define PROTOCOL		0x206
#define KERNEL_VERSION	0x20e	/* from 0x200 on */
#define PAYLOAD_OFFSET	0x248
#define PAYLOAD_LENGTH	0x24c
#define HEADER_END	0x250

#define NOTE_PHYS32_ENTRY	18	/* XEN_ELFNOTE_PHYS32_ENTRY: the PVH entry */

static uint16_t get16(const struct buf *b, size_t at)
{
	uint16_t v;

	memcpy(&v, b->data + at, sizeof(v));
	return le16toh(v);
}

static uint32_t get32(const struct buf *b, size_t at)
{
	uint32_t v;

	memcpy(&v, b->data + at, sizeof(v));
	return le32toh(v);
}

static bool is_bzimage(const struct buf *b)
{
	return b->len > HEADER_END &&
		memcmp(b->data + HEADER_MAGIC, "HdrS", 4) == 0 &&
		get16(b, PROTOCOL) >= 0x208;
}

static bool is_elf(const struct buf *b)
{
	return b->len > sizeof(Elf64_Ehdr) &&
		memcmp(b->data, ELFMAG, SELFMAG) == 0 &&
		b->data[EI_CLASS] == ELFCLASS64;
}

static char *word_of(const struct buf *b, size_t at)
{
	const char *s = b->data + at;

	return at < b->len ? xstrndup(s, strcspn(s, " \n")) : NULL;
}

char *image_release(const char *path)
{
	static const char banner[] = "Linux version ";
	struct buf b;
	const char *found;
	char *release = NULL;

	if (file_read(path, &b))
		return NULL;
	if (is_bzimage(&b)) {
		release = word_of(&b, get16(&b, KERNEL_VERSION) + 0x200u);
	} else if (is_elf(&b)) {
		found = memmem(b.data, b.len, banner, strlen(banner));
		if (found)
			release = word_of(&b, (size_t)(found - b.data) +
					  strlen(banner));
	}
	buf_fini(&b);
	return release;
}

/* Does a note give the entry for PVH?  */
static bool notes_have_pvh(const char *at, size_t len)
{
	Elf64_Nhdr note;

	while (len > sizeof(note)) {
		size_t name, all;

		memcpy(&note, at, sizeof(note));
		name = ((size_t)note.n_namesz + 3) & ~3ul;
		all = sizeof(note) + name + (((size_t)note.n_descsz + 3) & ~3ul);
		if (all > len)
			return false;
		if (note.n_type == NOTE_PHYS32_ENTRY && note.n_namesz == 4 &&
		    memcmp(at + sizeof(note), "Xen", 4) == 0)
			return true;
		at += all;
		len -= all;
	}
	return false;
}

static bool has_pvh(const struct buf *b)
{
	Elf64_Ehdr head;
	size_t i;

	if (!is_elf(b))
		return false;
	memcpy(&head, b->data, sizeof(head));
	for (i = 0; i < head.e_phnum; i++) {
		size_t at = head.e_phoff + i * sizeof(Elf64_Phdr);
		Elf64_Phdr part;

		if (at > b->len || b->len - at < sizeof(part))
			return false;
		memcpy(&part, b->data + at, sizeof(part));
		if (part.p_type == PT_NOTE && part.p_offset < b->len &&
		    part.p_filesz <= b->len - part.p_offset &&
		    notes_have_pvh(b->data + part.p_offset, part.p_filesz))
			return true;
	}
	return false;
}

/* Cuts out the vmlinux of a bzImage, if it can be unpacked and booted. */
static int cut_out(const struct buf *b, struct buf *out)
{
	size_t at, len;
	const char *packer;
	char *why = NULL;

	if (!is_bzimage(b))
		return -1;
	at = ((unsigned char)b->data[SETUP_SECTS] + 1) * 512u +
		get32(b, PAYLOAD_OFFSET);
	len = get32(b, PAYLOAD_LENGTH);
	if (at > b->len || len > b->len - at || len < 4)
		return -1;
	packer = bytes_packer(b->data + at, len);
	if (!packer)
		return -1;
	/* the build appends the unpacked size in 4 bytes, except behind
	 * gzip's */
	if (strcmp(packer, "gzip") != 0)
		len -= 4;
	if (bytes_unpack(b->data + at, len, out, &why)) {
		free(why);
		return -1;
	}
	if (has_pvh(out))
		return 0;
	buf_fini(out);
	return -1;
}

char *image_bootable(const char *path)
{
	char *name = xasprintf("vmlinux-%016" PRIx64, files_key(&path, 1));
	char *cached = cache_path("boot", name);
	struct buf b, out;
	bool ready = false;

	free(name);
	if (cached && access(cached, R_OK) == 0)
		return cached;
	if (cached && file_read(path, &b) == 0) {
		if (cut_out(&b, &out) == 0) {
			ready = cache_write(cached, out.data, out.len) == 0;
			buf_fini(&out);
		}
		buf_fini(&b);
	}
	if (ready)
		return cached;
	free(cached);
	return xstrdup(path);
}
