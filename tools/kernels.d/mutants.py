#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Puts mutants into C files of a kernel that has been built.

All mutants are in one kernel, each behind a test of its number (see mutants.h).
The syntax tree of clang says where something can be changed; the files keep their
lines.  A mutant that does not compile is found by the place of the error, and left
out.

usage: mutants.py OBJECTS TREE OUT FILE...

OBJECTS is the folder of the build, whose .cmd files say how each file is compiled.
FILE is relative to TREE.  OUT gets the changed files, and OUT/mutants, a table with a
line for each mutant: number, id, file, line, function, operator, what is changed,
and the text of the line.
"""
import hashlib
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor

from clang.cindex import Config, CursorKind as K, Index, TranslationUnit

sys.dont_write_bytecode = True
from mutants_find import Finder, Source             # noqa: E402
from mutants_write import Build, guilty, render, unmark     # noqa: E402

HEAD = '#include <linux/mutants.h>\n#line 1\n'
MAX_TRIES = 400         # of a file, before it is given up


class Mutants:
    def __init__(self, build):
        self.build = build
        self.sources = {}       # name -> Source
        self.mutants = []       # (edits, function name, function)
        self.dropped = set()
        self.rendered = {}

    def parse(self, name, wanted):
        """Find the mutants of a .c file, and of headers it is the first to use."""
        command = self.build.command(name)
        path = os.path.join(self.build.tree, name)
        unit = Index.create().parse(
            path, args=self.build.clang_args(command),
            options=TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD)
        new = {}
        for want in wanted:
            if want not in self.sources:
                full = os.path.join(self.build.tree, want)
                new[os.path.realpath(full)] = Source(full, want)
        seen = set()
        for c in unit.cursor.get_children():
            where = c.location.file
            source = where and new.get(os.path.realpath(where.name))
            if not source:
                continue
            seen.add(source.name)
            if c.kind == K.MACRO_INSTANTIATION:
                source.macros.append((c.extent.start.offset, c.extent.end.offset,
                                      c.spelling))
        for c in unit.cursor.get_children():
            where = c.location.file
            source = where and new.get(os.path.realpath(where.name))
            if source and c.kind == K.FUNCTION_DECL and c.is_definition():
                first = len(source.edits)
                Finder(source).function(c)
                for edit in source.edits[first:]:
                    edit.function = c.spelling
        for source in new.values():
            if source.name in seen:
                self.sources[source.name] = source
        serious = [d for d in unit.diagnostics if d.severity >= 4]
        if serious:
            sys.exit(f'{name}: clang: {serious[0].spelling}')

    def number(self):
        """From 1 on, by file and place; edits of one group are one mutant."""
        n, groups = 0, {}
        for name in sorted(self.sources):
            source = self.sources[name]
            # outer before inner, and last of all what takes its text apart;
            # what overlaps otherwise is left out
            source.edits.sort(key=lambda e: (e.start, -e.end, e.form.startswith('({ __auto_type mutant_l')))
            for edit in source.edits:
                if edit.group in groups:
                    edit.number = groups[edit.group]
                    continue
                n += 1
                edit.number = n
                if edit.group:
                    groups[edit.group] = n
        return n

    def write(self, numbers=None):
        """All files, or those that these mutants are in."""
        for name, source in self.sources.items():
            if numbers and not any(e.number in numbers for e in source.edits):
                continue
            edits = [e for e in source.edits if e.number not in self.dropped]
            if not source.edits:
                continue
            text, regions = unmark(render(source, 0, len(source.bytes), edits))
            data = text.encode('utf-8', 'surrogateescape')
            self.rendered[name] = (data, regions)
            path = os.path.join(self.build.out, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'wb') as f:
                f.write(HEAD.encode() + data)

    def settle(self, units):
        """Leave out what does not compile."""
        self.write()
        units = [u for u in units if u in self.rendered]
        commands = {u: self.build.command(u) for u in units}
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for _ in range(MAX_TRIES):
                found = set()
                said = list(pool.map(lambda u: self.build.errors(u, commands[u]), units))
                units = [u for u, (_, text) in zip(units, said) if text]
                for name, (places, text) in zip(units, [x for x in said if x[1]]):
                    new = guilty(self.rendered, places)
                    if not new:
                        sys.exit(f'{name}: does not compile, whatever is left out:\n'
                                 + text[:2000])
                    found |= new
                if not units:
                    return
                self.dropped |= found
                self.write(found)
        sys.exit('too many mutants do not compile: ' + ' '.join(units))

    def table(self):
        rows, seen, ordinals = [], set(), {}
        for name in sorted(self.sources):
            source = self.sources[name]
            left = {r[2] for r in self.rendered.get(name, (0, []))[1]}
            for e in source.edits:
                if e.number in self.dropped or e.number in seen or \
                        e.number not in left or e.number not in self.build.compiled:
                    continue
                seen.add(e.number)
                line = source.line_of(e.start)
                text = source.line_text(line)
                key = (name, e.function, text, e.operator, e.what)
                ordinals[key] = ordinals.get(key, 0) + 1
                digest = hashlib.sha1('\0'.join(map(str, key + (ordinals[key],)))
                                      .encode('utf-8', 'replace')).hexdigest()[:10]
                rows.append((e.number, digest, name, line, e.function, e.operator,
                             e.what, text))
        return rows


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    build = Build(*map(os.path.abspath, sys.argv[1:4]))
    os.chdir(build.objects)     # as Kbuild does: its paths are relative
    wanted = sys.argv[4:]
    units = [w for w in wanted if w.endswith('.c') and build.command(w)]
    if not units:
        sys.exit('none of these files is compiled into this kernel')
    headers = [w for w in wanted if w.endswith('.h')]
    mutants = Mutants(build)
    for name in units:
        mutants.parse(name, [name] + headers)
    mutants.number()
    mutants.settle(units)
    rows = mutants.table()
    with open(os.path.join(build.out, 'mutants'), 'w', encoding='utf-8',
              errors='replace') as f:
        for row in rows:
            f.write('\t'.join(str(x).replace('\t', ' ') for x in row) + '\n')
    print(f'{len(rows)} mutants in {len(mutants.sources)} files; '
          f'{len(mutants.dropped)} did not compile, others are in code that this '
          'kernel does not have', file=sys.stderr)


if __name__ == '__main__':
    if os.environ.get('LIBCLANG'):
        Config.set_library_file(os.environ['LIBCLANG'])
    main()
