# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes files with mutants, compiles them, and says which mutants do not."""
import bisect
import os
import re
import shlex
import struct
import subprocess

# ---- writing --------------------------------------------------------------------

OPEN, CLOSE = '\x01', '\x02'


def render(source, start, end, edits):
    """The text with these edits, which all lie in it.  Marks show where the text of
    each mutant begins and ends."""
    out, at, i = [], start, 0
    while i < len(edits):
        edit = edits[i]
        inner = [e for e in edits[i + 1:] if e.start < edit.end]
        i += 1 + len(inner)
        inner = [e for e in inner if e.end <= edit.end]
        out.append(source.at(at, edit.start))
        out.append(apply(source, edit, inner))
        at = edit.end
    out.append(source.at(at, end))
    return ''.join(out)


def apply(source, edit, inner):
    def part(m):
        s, e = int(m.group(1)), int(m.group(2))
        return render(source, s, e, [x for x in inner if s <= x.start and x.end <= e])

    test = 'MUTANT(%d)' % edit.number
    form = edit.form.replace('#', test)
    if '%' in form:
        text = re.sub(r'%(\d+):(\d+)%', part, form)
    elif '(&0)' in form:
        text = source.at(edit.start, edit.end)
        text = form.replace('(&0)', text[text.index('('):]).replace('@', text)
    else:
        text = form.replace('@', render(source, edit.start, edit.end, inner))
    return f'{OPEN}{edit.number};{text}{CLOSE}'


def unmark(text):
    """The text without marks, and for each mutant where it is: (start, end,
    number), in bytes."""
    out, regions, stack, at = [], [], [], 0
    for piece in re.split('(\x01[0-9]+;|\x02)', text):
        if piece.startswith(OPEN):
            stack.append((at, int(piece[1:-1])))
        elif piece == CLOSE:
            start, number = stack.pop()
            regions.append((start, at, number))
        else:
            out.append(piece)
            at += len(piece.encode('utf-8', 'surrogateescape'))
    return ''.join(out), regions


# ---- compiling ------------------------------------------------------------------

class Build:
    def __init__(self, objects, tree, out):
        self.objects, self.tree, self.out = objects, tree, out
        self.compiled = set()   # numbers of mutants

    def command(self, name):
        """How a .c file is compiled; None if this kernel does not have it."""
        folder, base = os.path.split(name)
        cmd = os.path.join(self.objects, folder, '.%s.o.cmd' % base[:-2])
        if not os.path.exists(cmd):
            return None
        with open(cmd, encoding='utf-8') as f:
            line = f.readline()
        words = shlex.split(line.split(':=', 1)[1].split(' ; ')[0])
        return [w for w in words if not w.startswith('-Wp,-MMD')]

    def clang_args(self, command):
        keep, args, follow = [], command[1:-1], False
        for word in args:
            if follow or re.match(r'-(I|D|U|std=|nostdinc|isystem|include|fms-|'
                                  r'fshort-|funsigned|fno-common|m64)', word):
                keep.append(word)
            follow = word in ('-include', '-isystem', '-I', '-D')
        return keep + ['-w', '-ferror-limit=0']

    def numbers(self, made):
        """What of the mutants has become code: mutants.h writes it down."""
        said = subprocess.run(
            ['objcopy', '-O', 'binary', '-j', '.discard.mutants', '--set-section-flags',
             '.discard.mutants=alloc', made, '/dev/stdout'], capture_output=True,
            check=True).stdout
        os.unlink(made)
        self.compiled |= {n for n, in struct.iter_unpack('<I', said)}

    def errors(self, name, command):
        """Compile the changed file; the places of its errors, and what was said."""
        command = command[:-1] + ['-fdiagnostics-column-unit=byte',
                                  os.path.join(self.out, name)]
        folder = os.path.dirname(name)
        made = os.path.join(self.out, name) + '.o'
        command[command.index('-o') + 1] = made
        # Headers that were changed come first, in the folder of the file too.
        command[1:1] = ['-I', os.path.join(self.out, 'include'),
                        '-iquote', os.path.join(self.out, folder),
                        '-iquote', os.path.join(self.tree, folder)]
        done = subprocess.run(command, cwd=self.objects, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, errors='replace',
                              check=False)
        if done.returncode == 0:
            self.numbers(made)
            return [], ''
        places, current = [], None
        for line in done.stderr.split('\n'):
            m = re.match(r'(\S+?):(\d+):(\d+): (\w+ ?\w*):', line)
            if not m:
                continue
            if 'error' in m.group(4):
                current = []
                places.append(current)
            elif 'warning' in m.group(4):
                current = None
            if current is not None:
                current.append((os.path.relpath(m.group(1), self.out)
                                if m.group(1).startswith(self.out) else m.group(1),
                                int(m.group(2)), int(m.group(3))))
        return places, done.stderr


def innermost(regions):
    return min(regions, key=lambda r: r[1] - r[0])[2]


def guilty(files, places):
    """The mutants at the places of errors: the innermost one of each.  A compiler that
    knows less of a value than it did, because a condition above has mutants, says so
    where no mutant is: then those of the nearest line above."""
    found = set()
    for places_of_error in places:
        above = set()
        for name, line, column in places_of_error:
            if name not in files:
                continue
            text, regions = files[name]
            starts = [0] + [m.end() for m in re.finditer(b'\n', text)] + [len(text)]
            if line + 1 >= len(starts):
                continue
            begin, end = starts[line - 1], starts[line]
            at = begin + column - 1
            inside = [r for r in regions if r[0] <= at < r[1]] or \
                [r for r in regions if r[0] < end and r[1] > begin]
            if inside:
                found.add(innermost(inside))
                above = set()
                break
            near = max((r[0] for r in regions if r[0] < begin), default=None)
            if near is not None:
                row = bisect.bisect_right(starts, near) - 1
                above = {r[2] for r in regions if starts[row] <= r[0] < starts[row + 1]}
        found |= above
    return found
