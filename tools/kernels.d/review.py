#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The report of fusescen-review, from what its parts have left in a folder.

usage: review.py differing MATRIX             files with cases that differ
       review.py report FOLDER --source NAME --version TEXT [--html FILE]

The text has 72 columns, for a mail; the page has every ladder.  The status is 1 if
something that passed does not any more, or the patch does not build, and else 0.
"""
import argparse
import glob
import html
import json
import os
import sys
import textwrap

WIDTH = 72
LADDERS = 6             # in the text; the page has all of them
LADDER_LINES = 40
LINES_TOLD = 20         # mutants of one kind in the text
GOOD = ('pass', 'xpass')
BASE, PATCHED = 'review-base', 'review-patched'
WORDS = {'pass': 'passes', 'xpass': 'passes', 'xfail': 'fails as known',
         'fail': 'fails', 'skip': 'is skipped', 'error': 'cannot run',
         'none': 'was not run'}


def load(path):
    try:
        with open(path, encoding='utf-8') as f:
            return json.load(f)
    except FileNotFoundError:
        return None


def text_of(path):
    try:
        with open(path, encoding='utf-8', errors='replace') as f:
            return f.read().strip()
    except FileNotFoundError:
        return ''


def name(row):
    case = row.get('case')
    return row['file'] + (f' ({case})' if case else '')


def cell(row, kernel):
    return row['cells'].get(kernel, {'verdict': 'none'})


def outcome(row, kernel):
    """What counts as the same: a pass that was not expected is a pass."""
    verdict = cell(row, kernel)['verdict']
    return 'pass' if verdict in GOOD else verdict


def differs(row):
    return outcome(row, BASE) != outcome(row, PATCHED)


class Review:
    def __init__(self, folder):
        self.folder = folder
        self.matrix = load(self.path('matrix.json'))
        self.broken = text_of(self.path('broken'))
        self.titles = [text_of(p) for p in sorted(glob.glob(self.path('series/*.title')))]
        self.rows = self.matrix['rows'] if self.matrix else []
        self.again = [load(p) for p in sorted(glob.glob(self.path('again.*.json')))]
        found = load(self.path('mutants.json'))
        self.mutants = found['mutants'] if found else None
        self.no_mutants = text_of(self.path('no-mutants'))
        self.sort()

    def path(self, what):
        return os.path.join(self.folder, what)

    def times_seen(self, row):
        """(how often the same difference was seen again, of how many)"""
        same = 0
        for matrix in self.again:
            for other in matrix['rows']:
                if name(other) == name(row):
                    same += all(outcome(other, k) == outcome(row, k)
                                for k in (BASE, PATCHED))
        return same, len(self.again)

    def sort(self):
        self.worse, self.better, self.other, self.chance = [], [], [], []
        for row in filter(differs, self.rows):
            same, of = self.times_seen(row)
            if same < of:
                self.chance.append(row)
            elif outcome(row, BASE) == 'pass':
                self.worse.append(row)
            elif outcome(row, PATCHED) == 'pass':
                self.better.append(row)
            else:
                self.other.append(row)

    def count(self, kernel):
        counts = {}
        for row in self.rows:
            verdict = outcome(row, kernel)
            counts[verdict] = counts.get(verdict, 0) + 1
        words = (('pass', 'pass'), ('fail', 'fail'), ('xfail', 'known failure'),
                 ('skip', 'skipped'), ('error', 'could not run'), ('none', 'not run'))
        return ', '.join(f'{counts[v]} {w}' for v, w in words if v in counts)

    def of_result(self, result):
        return [m for m in self.mutants or [] if m.get('result') == result]

    def seconds(self):
        total = {}
        for line in text_of(self.path('times')).splitlines():
            key, value = line.split('=')
            total[key] = total.get(key, 0) + int(value)
        return total

    def status(self):
        return 1 if self.broken or self.worse else 0


# ---- as text ----------------------------------------------------------------------

def wrap(text, indent=''):
    return '\n'.join(textwrap.fill(
        line, WIDTH, initial_indent=indent, subsequent_indent=indent,
        break_long_words=False, break_on_hyphens=False) for line in text.splitlines())


def cut(line):
    """A line of a drawing or of code cannot be wrapped."""
    return line if len(line) <= WIDTH else line[:WIDTH - 3] + '...'


def before_after(row):
    was, now = cell(row, BASE)['verdict'], cell(row, PATCHED)['verdict']
    return f'before: {WORDS.get(was, was)}; with it: {WORDS.get(now, now)}'


def ladder(row):
    """Of the kernel where it does not pass, for that is what one wants to see."""
    for kernel in (PATCHED, BASE):
        if outcome(row, kernel) != 'pass':
            return cell(row, kernel).get('text') or cell(row, kernel).get('summary', '')
    return ''


class Text:
    def __init__(self, review):
        self.review, self.out, self.ladders = review, [], 0

    def say(self, text='', indent=''):
        self.out.append(wrap(text, indent))

    def row(self, row, with_ladder):
        self.say()
        self.out.append('  ' + name(row))
        self.say(row.get('title', ''), '    ')
        self.say(before_after(row), '    ')
        summary = cell(row, PATCHED).get('summary') or cell(row, BASE).get('summary')
        if summary:
            self.say(summary, '    ')
        if with_ladder and self.ladders < LADDERS:
            self.ladders += 1
            lines = ladder(row).rstrip().splitlines()
            self.out += [cut('    ' + line) for line in lines[:LADDER_LINES]]
            if len(lines) > LADDER_LINES:
                self.out.append(f'    ... {len(lines) - LADDER_LINES} lines more')

    def rows(self, head, rows, with_ladder):
        if rows:
            self.say()
            self.say(f'{head}: {len(rows)}')
            for row in rows:
                self.row(row, with_ladder)

    def mutants(self, head, mutants, tail):
        if not mutants:
            return
        self.say()
        self.say(head)
        for m in mutants[:LINES_TOLD]:
            self.say()
            self.out.append(cut(f'  {m["file"]}:{m["line"]}: {m["function"]}'))
            self.out.append(cut('    ' + m['text'].strip()))
            self.out.append(cut(f'    {m["operator"]}: {m["what"]}{tail(m)}'))
        if len(mutants) > LINES_TOLD:
            self.say(f'... and {len(mutants) - LINES_TOLD} more', '  ')

    def defects(self):
        r = self.review
        if r.no_mutants:
            self.say()
            self.say('No defects were tried: ' + r.no_mutants)
        if r.mutants is None:
            return
        killed, survived, unreached = (
            r.of_result(w) for w in ('killed', 'survived', 'not reached'))
        tried = len(killed) + len(survived) + len(unreached)
        self.say()
        if not tried:
            self.say('The lines that it touches have no place for a defect.')
            return
        self.say(f'Of {tried} small defects in the lines that it touches, scenarios '
                 f'notice {len(killed)}.')
        self.mutants(f'Not noticed, though cases come by: {len(survived)}', survived,
                     lambda m: f' ({m["tried"]} cases)')
        self.mutants(f'No case comes there: {len(unreached)}', unreached, lambda m: '')

    def times(self):
        words = (('build', 'building'), ('run', 'running'), ('again', 'running again'),
                 ('mutants', 'defects'))
        spent = self.review.seconds()
        told = [f'{w} {spent[k]} s' for k, w in words if k in spent]
        if told:
            self.say()
            self.say('Time: ' + ', '.join(told) + '.')

    def write(self, source, version):
        r = self.review
        release = text_of(r.path('release')).replace('-' + BASE, '')
        for title in r.titles:
            self.say(title)
        self.say()
        self.say(f'On {source} ({release}), with {version}, in virtual machines:')
        if r.broken:
            self.say()
            self.say('It does not build.')
            self.out += [cut('  ' + line) for line in r.broken.splitlines()[:LADDER_LINES]]
        else:
            self.say(f'{len(r.rows)} cases of {len({x["file"] for x in r.rows})} scenarios')
            self.say(f'before:  {r.count(BASE)}', '  ')
            self.say(f'with it: {r.count(PATCHED)}', '  ')
            if not r.worse + r.better + r.other:
                self.say()
                self.say('No case differs.')
            self.rows('PASSES NO MORE', r.worse, True)
            self.rows('Passes now', r.better, False)
            self.rows('Differs otherwise', r.other, True)
            self.rows('Differs only at times', r.chance, False)
            self.defects()
        self.times()
        return '\n'.join(self.out) + '\n'


# ---- as a page --------------------------------------------------------------------

STYLE = '''
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 1rem auto;
  padding: 0 1rem; }
h1 { font-size: 1.5rem; }
h1, li, p { overflow-wrap: anywhere; }
h2 { margin-top: 2rem; }
pre { overflow-x: auto; padding: .6rem; font-size: .8rem; line-height: 1.3;
  border: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
details { margin: .4rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; }
.worse summary, .survived { color: light-dark(#b00020, #ff8a80); }
.better summary { color: light-dark(#1b6b2a, #7fd68f); }
ins { text-decoration: none; color: light-dark(#1b6b2a, #7fd68f); }
del { text-decoration: none; color: light-dark(#b00020, #ff8a80); }
.side { display: grid; gap: .6rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); }
'''


def page_rows(head, kind, rows):
    if not rows:
        return ''
    out = [f'<h2>{html.escape(head)} ({len(rows)})</h2>']
    for row in rows:
        side = ''.join(
            f'<div><b>{word}</b><pre>{html.escape(cell(row, k).get("text", ""))}</pre></div>'
            for k, word in ((BASE, 'before'), (PATCHED, 'with the patch')))
        out.append(f'<details class="{kind}"><summary>{html.escape(name(row))}</summary>'
                   f'<p>{html.escape(row.get("title", ""))}<br>'
                   f'{html.escape(before_after(row))}</p>'
                   f'<div class="side">{side}</div></details>')
    return '\n'.join(out)


def page_mutants(head, mutants):
    if not mutants:
        return ''
    items = ''.join(
        f'<li>{html.escape(m["file"])}:{m["line"]} <b>{html.escape(m["function"])}</b>'
        f'<br><code>{html.escape(m["text"].strip())}</code><br>'
        f'{html.escape(m["operator"])}: <code>{html.escape(m["what"])}</code>'
        + (f'<br>by {html.escape(m["by"])}' if m.get('by') else '') + '</li>'
        for m in mutants)
    return f'<h2>{html.escape(head)} ({len(mutants)})</h2><ul>{items}</ul>'


def page_patch(patch):
    out = []
    for line in patch.splitlines():
        tag = {'+': 'ins', '-': 'del'}.get(line[:1])
        text = html.escape(line)
        out.append(f'<{tag}>{text}</{tag}>' if tag else text)
    return '<pre>' + '\n'.join(out) + '</pre>'


def page(review, text):
    title = html.escape(review.titles[0] if review.titles else 'patch')
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>',
        '<h2>Report</h2>', f'<pre>{html.escape(text)}</pre>',
        page_rows('Passes no more', 'worse', review.worse),
        page_rows('Passes now', 'better', review.better),
        page_rows('Differs otherwise', 'other', review.other),
        page_rows('Differs only at times', 'chance', review.chance),
        page_mutants('Defects that nothing notices', review.of_result('survived')),
        page_mutants('Defects that no case comes to', review.of_result('not reached')),
        page_mutants('Defects that are noticed', review.of_result('killed')),
        '<h2>The patch</h2>', page_patch(text_of(review.path('whole.patch'))),
        '</body></html>']
    return '\n'.join(filter(None, parts)) + '\n'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('what', choices=('differing', 'report'))
    parser.add_argument('path')
    parser.add_argument('--source', default='')
    parser.add_argument('--version', default='')
    parser.add_argument('--html')
    args = parser.parse_args()
    if args.what == 'differing':
        files = (row['file'] for row in load(args.path)['rows'] if differs(row))
        for file in dict.fromkeys(files):
            print(file)
        return 0
    review = Review(args.path)
    text = Text(review).write(args.source, args.version)
    sys.stdout.write(text)
    if args.html:
        with open(args.html, 'w', encoding='utf-8') as f:
            f.write(page(review, text))
    return review.status()


sys.exit(main())
