/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calls that make a process: what its result is, what it may do, and that
 * it never outlives its actor. */
#include "config.h"

#include <elf.h>
#include <signal.h>
#include <sys/statvfs.h>

#include "act/procstat.h"
#include "tests/unit/call_checks.h"

#if defined(__x86_64__)
#define MACHINE		EM_X86_64
/* mov $7, %edi; mov $SYS_exit, %eax; syscall */
#define CODE_EXIT	"\xbf\x07\0\0\0\xb8\x3c\0\0\0\x0f\x05"
/* mov $SYS_getpid, %eax; syscall; then the same */
#define CODE_GETPID	"\xb8\x27\0\0\0\x0f\x05" CODE_EXIT
/* jmp . */
#define CODE_LOOP	"\xeb\xfe"
#elif defined(__aarch64__)
#define MACHINE		EM_AARCH64
#define CODE_EXIT	"\xe0\0\x80\xd2\xa8\x0b\x80\xd2\x01\0\0\xd4"
#define CODE_GETPID	"\x88\x15\x80\xd2\x01\0\0\xd4" CODE_EXIT
#define CODE_LOOP	"\0\0\0\x14"
#endif

#ifdef MACHINE
/* The smallest program: one segment, headers and code. */
static void write_program(const char *path, const char *code, size_t len)
{
	const uint64_t base = 0x400000;
	struct {
		Elf64_Ehdr e;
		Elf64_Phdr p;
	} h = {
		.e = {
			.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB,
				     EV_CURRENT },
			.e_type = ET_EXEC, .e_machine = MACHINE,
			.e_version = EV_CURRENT, .e_entry = base + sizeof(h),
			.e_phoff = sizeof(Elf64_Ehdr),
			.e_ehsize = sizeof(Elf64_Ehdr),
			.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1,
		},
		.p = {
			.p_type = PT_LOAD, .p_flags = PF_R | PF_X,
			.p_vaddr = base, .p_paddr = base,
			.p_filesz = sizeof(h) + len, .p_memsz = sizeof(h) + len,
			.p_align = 4096,
		},
	};
	int fd = open(path, O_CREAT | O_WRONLY, 0755);

	ck_assert_int_eq(write(fd, &h, sizeof(h)), sizeof(h));
	ck_assert_int_eq(write(fd, code, len), (ssize_t)len);
	close(fd);
}
#endif

/* Valgrind makes calls of its own around an exec, which the filter forbids. */
static bool under_valgrind(void)
{
	const char *preload = getenv("LD_PRELOAD");

	return preload && strstr(preload, "vgpreload");
}

static bool may_exec(const struct world *w)
{
	struct statvfs st;

	return !under_valgrind() && statvfs(w->root, &st) == 0 && !(st.f_flag & ST_NOEXEC);
}

START_TEST(execs)
{
	struct world *w = started(1);

	write_text(world_path(w, "/text"), "just words\n");
	CALL(w, APP, fexecve, NONE, V(UNSET));
	if (!under_valgrind())
		fails(actor_outcome(w->as, APP), EBADF);
	CALL(w, APP, exec, NONE, P("/no"));
	if (!under_valgrind()) {
		fails(actor_outcome(w->as, APP), ENOENT);
		fails(CALL(w, APP, exec, NONE, P("/text")), EACCES);
	}
#ifdef MACHINE
	if (may_exec(w)) {
		chmod(world_path(w, "/text"), 0755);
		fails(CALL(w, APP, exec, NONE, P("/text")), ENOEXEC);
		write_program(world_path(w, "/exit"), CODE_EXIT, sizeof(CODE_EXIT) - 1);
		gives(CALL(w, APP, exec, NONE, P("/exit")), 7);
		gives(CALL(w, APP, open, FD, P("/exit"), N(O_RDONLY)), 0);
		gives(CALL(w, APP, fexecve, NONE, V(FD)), 7);
		/* it may do nothing else, whatever it is made of */
		write_program(world_path(w, "/spy"), CODE_GETPID,
			      sizeof(CODE_GETPID) - 1);
		gives(CALL(w, APP, exec, NONE, P("/spy")), 128 + SIGSYS);
	}
#endif
	finish(w);
}
END_TEST

#ifdef MACHINE
/* It has let go of everything; its last steps to a zombie may still come. */
static void ends(pid_t pid)
{
	uint64_t deadline = clock_ns() + 30 * NS_PER_S;
	struct thread_look t;

	while (thread_look(pid, &t) == 0 && t.state != 'Z' && t.state != 'X') {
		ck_assert(clock_ns() < deadline);
		usleep(1000);
	}
}

/* The actor is killed while its program runs: that ends too, and
 * actors_kill() waits for it (finish() asks for nobody left). */
START_TEST(programs_end_with_the_actor)
{
	struct world *w = started(1);
	uint64_t deadline = clock_ns() + 30 * NS_PER_S;
	char path[64], children[64] = "";
	struct actor_look l;
	pid_t pid = 0;

	if (!may_exec(w)) {
		finish(w);
		return;
	}
	write_program(world_path(w, "/loop"), CODE_LOOP, sizeof(CODE_LOOP) - 1);
	ck_assert(START(w, APP, exec, NONE, P("/loop")));
	actor_look(w->as, APP, &l);
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", l.pid, l.tid);
	while (!pid && access(path, R_OK) == 0 && clock_ns() < deadline) {
		FILE *f = fopen(path, "r");

		if (f && fgets(children, sizeof(children), f))
			pid = atoi(children);
		if (f)
			fclose(f);
	}
	ck_assert_uint_eq(actors_kill(w->as, clock_ns() + 30 * NS_PER_S, NULL, 0), 0);
	ck_assert(actor_outcome(w->as, APP)->killed);
	if (pid)
		ends(pid);
	finish(w);
}
END_TEST
#endif

START_TEST(forks)
{
	struct world *w = with_file(1, "hello");

	gives(CALL(w, APP, setlk, NONE, V(FD), N(F_WRLCK), N(0), N(0)), 0);
	gives(CALL(w, APP, fork, NONE), 0);
	/* its copies of our descriptors are gone, ours are not */
	gives(CALL(w, APP, read, NONE, V(FD), N(9)), 5);
	finish(w);
}
END_TEST

START_TEST(every_call_was_made)
{
	all_made(CALL_exec, N_CALLS);
}
END_TEST

static void add_cases(Suite *s)
{
	const TTest *const children[] = { execs, forks,
#ifdef MACHINE
		programs_end_with_the_actor,
#endif
		every_call_was_made, NULL };

	add(s, "children", children);
}

int main(void)
{
	return calls_main(add_cases, "syscalls_child");
}
