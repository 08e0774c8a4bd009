/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel images.  A bzImage has the packed vmlinux in it; its header says where
 * (Documentation/arch/x86/boot.rst, protocol 2.08).  Main thread only.
 */
#include "config.h"

#include "fusescen/vm/image.h"

#include <elf.h>
#include <endian.h>
#include <inttypes.h>
#include <unistd.h>

#include "fusescen/util/memory.h"

#define SETUP_SECTS	0x1f1
#define HEADER_MAGIC	0x202	/* "HdrS" */
#define PROTOCOL		0x206
#define KERNEL_VERSION	0x20e	/* from 0x200 on */
#define PAYLOAD_OFFSET	0x248
#define PAYLOAD_LENGTH	0x24c
#define HEADER_END	0x250

#define NOTE_PHYS32_ENTRY	18	/* XEN_ELFNOTE_PHYS32_ENTRY: the PVH entry */

static uint16_t get16(const struct bytes *b, size_t at)
{
	uint16_t v;

	memcpy(&v, b->at + at, sizeof(v));
	return le16toh(v);
}

static uint32_t get32(const struct bytes *b, size_t at)
{
	uint32_t v;

	memcpy(&v, b->at + at, sizeof(v));
	return le32toh(v);
}

static int is_bzimage(const struct bytes *b)
{
	return b->len > HEADER_END && memcmp(b->at + HEADER_MAGIC, "HdrS", 4) == 0 &&
		get16(b, PROTOCOL) >= 0x208;
}

static int is_elf(const struct bytes *b)
{
	return b->len > sizeof(Elf64_Ehdr) && memcmp(b->at, ELFMAG, SELFMAG) == 0 &&
		b->at[EI_CLASS] == ELFCLASS64;
}

static char *word_of(const struct bytes *b, size_t at)
{
	const char *s = (const char *)b->at + at;

	return at < b->len ? must(strndup(s, strcspn(s, " \n"))) : NULL;
}

char *image_release(const char *path)
{
	static const char banner[] = "Linux version ";
	struct bytes b;
	const unsigned char *found;
	char *release = NULL;

	if (file_read(path, &b))
		return NULL;
	if (is_bzimage(&b)) {
		release = word_of(&b, get16(&b, KERNEL_VERSION) + 0x200u);
	} else if (is_elf(&b)) {
		found = memmem(b.at, b.len, banner, strlen(banner));
		if (found)
			release = word_of(&b, (size_t)(found - b.at) +
					  strlen(banner));
	}
	bytes_free(&b);
	return release;
}

/* Is there a note that says where PVH begins? */
static int notes_have_pvh(const unsigned char *at, size_t len)
{
	Elf64_Nhdr note;

	while (len > sizeof(note)) {
		size_t name, all;

		memcpy(&note, at, sizeof(note));
		name = ((size_t)note.n_namesz + 3) & ~3ul;
		all = sizeof(note) + name + (((size_t)note.n_descsz + 3) & ~3ul);
		if (all > len)
			return 0;
		if (note.n_type == NOTE_PHYS32_ENTRY && note.n_namesz == 4 &&
		    memcmp(at + sizeof(note), "Xen", 4) == 0)
			return 1;
		at += all;
		len -= all;
	}
	return 0;
}

static int has_pvh(const struct bytes *b)
{
	Elf64_Ehdr head;
	size_t i;

	if (!is_elf(b))
		return 0;
	memcpy(&head, b->at, sizeof(head));
	for (i = 0; i < head.e_phnum; i++) {
		size_t at = head.e_phoff + i * sizeof(Elf64_Phdr);
		Elf64_Phdr part;

		if (at > b->len || b->len - at < sizeof(part))
			return 0;
		memcpy(&part, b->at + at, sizeof(part));
		if (part.p_type == PT_NOTE && part.p_offset < b->len &&
		    part.p_filesz <= b->len - part.p_offset &&
		    notes_have_pvh(b->at + part.p_offset, part.p_filesz))
			return 1;
	}
	return 0;
}

/* The vmlinux in a bzImage, if it can be unpacked and booted. */
static int cut_out(const struct bytes *b, struct bytes *out)
{
	size_t at, len;
	const char *packer;
	char *why = NULL;

	if (!is_bzimage(b))
		return -1;
	at = (b->at[SETUP_SECTS] + 1) * 512u + get32(b, PAYLOAD_OFFSET);
	len = get32(b, PAYLOAD_LENGTH);
	if (at > b->len || len > b->len - at || len < 4)
		return -1;
	packer = bytes_packer(b->at + at, len);
	if (!packer)
		return -1;
	/* behind all but gzip's the build puts the unpacked size, 4 bytes */
	if (strcmp(packer, "gzip") != 0)
		len -= 4;
	if (bytes_unpack(b->at + at, len, out, &why)) {
		free(why);
		return -1;
	}
	if (has_pvh(out))
		return 0;
	bytes_free(out);
	return -1;
}

char *image_bootable(const char *path)
{
	char *name = format("vmlinux-%016" PRIx64, files_key(&path, 1));
	char *cached = cache_path("boot", name);
	struct bytes b, out;
	int ready = 0;

	free(name);
	if (cached && access(cached, R_OK) == 0)
		return cached;
	if (cached && file_read(path, &b) == 0) {
		if (cut_out(&b, &out) == 0) {
			ready = cache_write(cached, out.at, out.len) == 0;
			bytes_free(&out);
		}
		bytes_free(&b);
	}
	if (ready)
		return cached;
	free(cached);
	return must(strdup(path));
}
