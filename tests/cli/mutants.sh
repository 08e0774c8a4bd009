#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The mutants that "fusescen-kernels mutate" puts into C files, in a program instead of
# a kernel: each of them does what its operator says when its number is chosen, and
# nothing otherwise; what does not compile is left out.
. "${srcdir:-.}/tests/cli/lib.sh"

python=
for python in "${FUSESCEN_PYTHON:-}" /usr/bin/python3 python3; do
	[ -z "$python" ] || ! "$python" -c 'import clang.cindex' 2>/dev/null || break
	python=
done
why=
[ -n "$python" ] || why='no clang for Python: install python3-clang'
command -v gcc >/dev/null || why='no gcc'
[ -z "$why" ] || { echo "1..0 # SKIP $why"; exit 0; }

mkdir -p tree/x objects/x out/include/linux
cat >tree/x/limits.h <<'END'
#define EIO 5
#define EPERM 1
#define EINVAL 22
static inline int twice(int n)
{
	return n + n;
}
END
cat >tree/x/a.c <<'END'
#include "limits.h"
#define unlikely(x) __builtin_expect(!!(x), 0)
#define min(a, b) ((a) < (b) ? (a) : (b))
#define check_size(n) _Static_assert((n) > 0, "size")
typedef _Bool bool;
enum { false, true };
struct box { int n, flags; };
static int calls;

extern int missing(int);
void note(void) { calls++; }

int if_else(int n)
{
	if (n < 3)
		note();
	else
		calls += 10;
	return calls;
}

int both(int a, int b)
{
	if (unlikely(a) && b)
		return -EIO;
	return a | b;
}

int refuse(int n)
{
	switch (n) {
	case 1 + 1:
		return -EPERM;
	}
	check_size(sizeof(int) + 1);
	return twice(min(n, 7));
}

int fill(struct box *box, bool is_full)
{
	char room[4 + 4];

	box->n = sizeof(room);
	box->flags |= is_full ? 2 : 4;
	return box->n + box->flags;
}

int other_configuration(int n)
{
	if (0 && n)
		return missing(n);
	return n;
}

int flag(void)
{
	struct box box = { 0, 0 };

	return fill(&box, true);
}
END
cat >out/include/linux/mutants.h <<'END'
#pragma once
extern int mutant, reached[1000];
static inline __attribute__((always_inline)) int is_mutant(int n)
{
	__asm__ volatile (".pushsection .discard.mutants\n\t.long %c0\n\t.popsection"
			  : : "i" (n));
	if (mutant == -1)
		reached[n] = 1;
	return mutant == n;
}
#define MUTANT(n) is_mutant(n)
END
echo "savedcmd_x/a.o := gcc -Wp,-MMD,x/.a.o.d -std=gnu11 -O2 -c -o x/a.o $work/tree/x/a.c ; echo more" \
	>objects/x/.a.o.cmd
cp -r tree before

mutants() {
	"$python" -B "$srcdir/tools/kernels.d/mutants.py" objects tree out "$@" \
		>.out/out 2>.out/err
	status=$?
}

# number OPERATOR WHAT: of the first such mutant
number() {
	awk -F '\t' -v o="$1" -v w="$2" '$6 == o && $7 == w { print $1; exit }' out/mutants
}
has() { [ -n "$(number "$@")" ]; }
has_not() { ! has "$@"; }

cat >main.c <<'END'
#include <stdio.h>
#include <stdlib.h>
int mutant, reached[1000];
int if_else(int), both(int, int), refuse(int), flag(void);
int main(int argc, char **argv)
{
	int i;

	mutant = argc > 1 ? atoi(argv[1]) : 0;
	printf("%d", if_else(3));
	printf(" %d", if_else(2));
	printf(" %d", both(1, 1));
	printf(" %d", both(1, 2));
	printf(" %d", both(4, 0));
	printf(" %d", refuse(2));
	printf(" %d", refuse(9));
	printf(" %d\n", flag());
	for (i = 0; i < 1000; i++)
		if (reached[i])
			printf("%d\n", i);
	return 0;
}
END
# gives OPERATOR WHAT OUTPUT
gives() {
	./main "$(number "$1" "$2")" >got
	echo "$3" | cmp - got
}

mutants x/a.c x/limits.h
ok 'mutants are made' gave 0
ok 'the source stays' diff -r before tree
gcc -O2 -iquote out/x -Iout/include -w main.c out/x/a.c -o main
ok 'the files compile, as they are in many lines' test -x main
ok 'none is on' gives none none '10 11 -5 -5 4 -1 14 10'
ok 'a condition that is never true' gives never 'n < 3' '10 20 -5 -5 4 -1 14 10'
ok 'or always' gives always 'n < 3' '1 2 -5 -5 4 -1 14 10'
ok 'a boundary' gives boundary 'n < 3' '1 2 -5 -5 4 -1 14 10'
ok 'an operand' gives always b '10 11 -5 -5 -5 -1 14 10'
ok 'one that is a macro' gives always 'unlikely(a)' '10 11 -5 -5 4 -1 14 10'
ok 'a call' gives call 'note()' '10 10 -5 -5 4 -1 14 10'
ok 'an assignment' gives assign 'box->n = sizeof(room)' '10 11 -5 -5 4 -1 14 2'
ok 'a compound one' gives assign 'calls += 10' '0 1 -5 -5 4 -1 14 10'
ok 'another error' gives errno -EPERM '10 11 -5 -5 4 -5 14 10'
ok 'and for EIO too' gives errno -EIO '10 11 -22 -22 4 -1 14 10'
ok 'a term' gives term "box->flags" '10 11 -5 -5 4 -1 14 8'
ok 'of a header' gives term n '10 11 -5 -5 4 -1 7 10'
ok 'a constant of logic' gives bool true '10 11 -5 -5 4 -1 14 12'
ok 'a return at once' gives return 'return 0' '0 0 -5 -5 4 -1 14 10'
ok 'no error' gives success 'box->n + box->flags' '10 11 -5 -5 4 -1 14 0'
ok 'nothing where the configuration decides' has_not always '0 && n'
ok 'and nothing in a case' has_not term 1
ok 'nor in the size of an array' has_not term 4
./main -1 | sed 1d >reached
ok 'what would matter is noted' grep -qx "$(number call 'note()')" reached
ok 'and not what would not' sh -c "! grep -qx '$(number bool false)' reached"
ok 'a line for each' test "$(cut -f 2 out/mutants | sort -u | wc -l)" = "$(wc -l <out/mutants)"
ok 'where it was' grep -q "x/a.c	15	if_else	never	n < 3	if (n < 3)" out/mutants

sed -i '1i /* a line more */' tree/x/a.c
cut -f 2 out/mutants | sort >ids
mutants x/a.c x/limits.h
cut -f 2 out/mutants | sort >again
ok 'an id stays when lines move' cmp -s ids again
mutants x/limits.h
ok 'what is not compiled' gave 1
ok 'and why' err_has 'none of these files is compiled'
done_testing
