# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a C file can be changed: its places, and the operators."""
import bisect
import re

from clang.cindex import CursorKind as K, TypeKind

# Calls whose loss nobody can notice from outside, whose loss says nothing but that a
# lock is missing, or that only print.
KEPT_CALLS = re.compile(
    r'^(printk|pr_|dev_|WARN|BUG|lockdep|trace_|might_|k[vz]?free|vfree|free_|'
    r'kmem_cache_free|spin_|raw_spin|mutex_|rcu_|srcu|read_|write_|down_|up_|'
    r'local_|preempt|cond_resched|synchronize|barrier|smp_|set_current_state|'
    r'static_assert|BUILD_BUG|va_|INIT_|init_|put_|get_|folio_put|folio_get|'
    r'[dfi]put|path_|unregister|destroy|debugfs|inode_lock|inode_unlock|'
    r'filemap_invalidate_|__set_current|lock_|unlock_|folio_lock|folio_unlock|'
    r'module_|MODULE_|memcpy$|set_freezable|flush_dcache_)|(_lock|_unlock|_lock_shared|'
    r'_unlock_shared)$')
# Macros that are statements and that do something.
DROPPED_MACROS = re.compile(r'^(wait_event|WRITE_ONCE|wake_up)')
# A lock that is taken shared, and the same lock taken exclusively.
LOCK_PAIRS = [
    (('inode_lock', 'inode_unlock'), ('inode_lock_shared', 'inode_unlock_shared')),
    (('down_write', 'up_write'), ('down_read', 'up_read')),
    (('write_lock', 'write_unlock'), ('read_lock', 'read_unlock')),
]
INTEGERS = {TypeKind.INT, TypeKind.LONG, TypeKind.LONGLONG}


class Edit:
    """A mutant: `form` has what becomes of the text from start to end, where @ is
    the text and # is the test of the mutant's number."""

    def __init__(self, start, end, operator, form, what):
        self.start, self.end, self.operator = start, end, operator
        self.form, self.what = form, what
        self.number = 0
        self.group = None       # edits of one mutant have the same

    def __repr__(self):
        return f'{self.operator} {self.start}-{self.end}'


# ---- operators ------------------------------------------------------------------
#
# The test stands where the mutant would make a difference: `never` counts as
# reached where the condition is true, `always` where it is false.

FORMS = {
    'never': '((@) && !#)',             # a condition that is never true
    # or always, but for conditions that the configuration decides: what depends on them
    # may not be there
    'always': '({ _Bool mutant_c = (@); __builtin_constant_p(mutant_c) ? mutant_c : '
              'mutant_c || #; })',
    'term': '(# ? 0 : (@))',            # of + - |: left out
    'mask': '(# ? ~0 : (@))',           # of &: left out
    'errno': '(# ? -EIO : (@))',        # another error
    'call': '({ if (!#) @; })',         # a call is left out
    'assign': '({ if (!#) @; })',       # an assignment is left out
    'bool': '(# ? !(@) : (@))',         # true for false
    'success': '({ __auto_type mutant_r = (@); mutant_r && # ? 0 : mutant_r; })',
}


def boundary(op):
    """a < b and a <= b differ where a == b."""
    other = 'mutant_l == mutant_r && #'
    if op in ('<', '>'):
        return f'(mutant_l {op} mutant_r || ({other}))'
    return f'(mutant_l {op} mutant_r && !({other}))'


def children(cursor):
    return list(cursor.get_children())


def peel(cursor):
    """Without the nodes that stand for casts nobody has written."""
    while cursor.kind in (K.UNEXPOSED_EXPR, K.PAREN_EXPR):
        inner = children(cursor)
        if len(inner) != 1:
            break
        cursor = inner[0]
    return cursor


def is_balanced(text):
    depth = 0
    for c in text:
        depth += (c in '({[') - (c in ')}]')
        if depth < 0:
            return False
    return depth == 0


class Source:
    """A file, and the mutants that are found in it."""

    def __init__(self, path, name):
        self.name = name
        with open(path, encoding='utf-8', errors='surrogateescape') as f:
            self.text = f.read()
        self.bytes = self.text.encode('utf-8', 'surrogateescape')
        self.macros = []        # (start, end, name)
        self.names = self.inside = None
        self.balanced = {}
        self.known = set()      # (start, end, operator)
        self.edits = []
        self.starts = [0] + [m.end() for m in re.finditer(b'\n', self.bytes)]
        self.lines = self.text.split('\n')

    def at(self, start, end):
        return self.bytes[start:end].decode('utf-8', 'surrogateescape')

    def line_of(self, offset):
        return bisect.bisect_right(self.starts, offset)

    def line_text(self, line):
        return self.lines[line - 1].strip()

    def macro_at(self, start, end):
        """The name of the macro whose use is exactly this text."""
        if self.names is None:
            self.names = {(s, e): name for s, e, name in self.macros}
        return self.names.get((start, end))

    def is_plain(self, start, end):
        """Is this text where it seems to be, and not in the middle of a macro?"""
        if self.inside is None:
            self.inside = bytearray(len(self.bytes) + 1)
            for s, e, _ in self.macros:
                self.inside[s + 1:e] = b'x' * max(e - s - 1, 0)
        if start >= end or self.inside[start] or self.inside[end]:
            return False
        if (start, end) not in self.balanced:
            self.balanced[start, end] = is_balanced(self.at(start, end))
        return self.balanced[start, end]

    def span(self, cursor):
        s, e = cursor.extent.start.offset, cursor.extent.end.offset
        return (s, e) if self.is_plain(s, e) else None

    def add(self, cursor_or_span, operator, form=None, what=None, group=None):
        span = cursor_or_span
        if not isinstance(span, tuple):
            span = self.span(span)
        if not span:
            return
        if (*span, operator) in self.known:
            return
        self.known.add((*span, operator))
        edit = Edit(*span, operator, form or FORMS[operator],
                    what or ' '.join(self.at(*span).split()))
        edit.group = group
        self.edits.append(edit)


# ---- looking for mutants --------------------------------------------------------

class Finder:
    def __init__(self, source):
        self.source = source

    def function(self, cursor):
        body = [c for c in children(cursor) if c.kind == K.COMPOUND_STMT]
        if not body:
            return
        self.early_return(cursor, body[0])
        self.locks(body[0])
        self.result = cursor.result_type.get_canonical().kind
        self.statement(body[0])

    def early_return(self, function, body):
        kind = function.result_type.get_canonical().kind
        value = {TypeKind.VOID: '', TypeKind.BOOL: ' false',
                 TypeKind.POINTER: ' NULL'}.get(kind)
        if kind in INTEGERS or kind in (TypeKind.UINT, TypeKind.ULONG):
            value = ' 0'
        start = body.extent.start.offset
        if value is None or self.source.at(start, start + 1) != '{' or \
                not self.source.is_plain(*self.source.span(body) or (0, 0)) or \
                len(children(body)) == 0:
            return
        self.source.add((start, start + 1), 'return',
                        '@ if (#) return%s;' % value, 'return%s' % value)

    def locks(self, body):
        """Shared for exclusive, or the reverse: all uses of a lock in a function
        are one mutant."""
        uses = {}
        self.collect_calls(body, uses)
        for pair in LOCK_PAIRS:
            for own, other in (pair, pair[::-1]):
                if not all(uses.get(name) for name in own):
                    continue
                group = object()
                for mine, theirs in zip(own, other):
                    for span in uses[mine]:
                        self.source.add(
                            span, 'lock',
                            '(# ? %s(&0) : @)' % theirs, f'{own[0]} -> {other[0]}',
                            group)

    def collect_calls(self, cursor, uses):
        for c in children(cursor):
            self.collect_calls(c, uses)
        if cursor.kind == K.CALL_EXPR and self.source.span(cursor):
            uses.setdefault(cursor.spelling, []).append(self.source.span(cursor))

    def statement(self, c):
        kind, inner = c.kind, children(c)
        if kind in (K.IF_STMT, K.WHILE_STMT):
            self.condition(inner[0], kind == K.IF_STMT)
            for s in inner[1:]:
                self.statement(s)
        elif kind == K.DO_STMT and self.source.span(c) and \
                not self.source.macro_at(*self.source.span(c)):
            self.statement(inner[0])
            self.condition(inner[1], False)
        elif kind == K.FOR_STMT:
            for s in inner[:-1]:
                self.expression(s)
            self.statement(inner[-1])
        elif kind == K.RETURN_STMT:
            for s in inner:
                self.returned(s)
        elif kind in (K.COMPOUND_STMT, K.CASE_STMT, K.DEFAULT_STMT, K.LABEL_STMT,
                      K.SWITCH_STMT):
            first = kind == K.CASE_STMT
            for s in inner[1 if first else 0:]:
                self.statement(s)
        elif kind == K.DECL_STMT:
            for s in inner:
                if s.type.kind != TypeKind.CONSTANTARRAY:
                    for init in children(s):
                        self.expression(init)
        else:
            self.droppable(c)
            self.expression(c)

    def returned(self, c):
        self.expression(c)
        inside = peel(c)
        if self.result in INTEGERS and inside.kind != K.INTEGER_LITERAL and \
                inside.kind != K.UNARY_OPERATOR:
            self.source.add(c, 'success')

    def droppable(self, c):
        """A statement that is an expression."""
        span = self.source.span(c)
        if not span:
            return
        macro = self.source.macro_at(*span)
        if macro:
            if DROPPED_MACROS.match(macro):
                self.source.add(span, 'call')
            return
        c = peel(c)
        if c.kind == K.CALL_EXPR:
            if not KEPT_CALLS.search(c.spelling or 'lock_'):
                self.source.add(span, 'call')
        elif c.kind == K.COMPOUND_ASSIGNMENT_OPERATOR:
            self.source.add(span, 'assign')
        elif c.kind == K.BINARY_OPERATOR and self.operator(c) == '=':
            # A variable that gets no value has any: that would be luck.
            if peel(children(c)[0]).kind != K.DECL_REF_EXPR:
                self.source.add(span, 'assign')
        elif c.kind == K.UNARY_OPERATOR and re.search(r'\+\+|--', self.source.at(*span)):
            self.source.add(span, 'assign')

    def condition(self, c, both=True):
        span = self.source.span(c)
        if span and (self.source.macro_at(*span) or '').startswith('WARN'):
            return              # that never happens, as far as anybody knows
        self.source.add(c, 'never')
        if both:
            self.source.add(c, 'always')
        self.expression(c)

    def operator(self, c):
        lhs, rhs = children(c)
        text = self.source.at(lhs.extent.end.offset, rhs.extent.start.offset)
        return re.sub(r'/\*.*?\*/|[\s()]', '', text, flags=re.S)

    def binary(self, c):
        inner = children(c)
        if len(inner) != 2 or not self.source.span(c):
            return
        op, (lhs, rhs) = self.operator(c), inner
        if op in ('&&', '||'):
            for side in inner:
                self.source.add(side, 'always' if op == '&&' else 'never')
        elif op in ('<', '<=', '>', '>='):
            l, r = self.source.span(lhs), self.source.span(rhs)
            if l and r:
                self.source.add(
                    self.source.span(c), 'boundary',
                    '({ __auto_type mutant_l = (%%%d:%d%%); __auto_type mutant_r = '
                    '(%%%d:%d%%); %s; })' % (*l, *r, boundary(op)))
        elif op in ('+', '|') and 'POINTER' not in str(lhs.type.kind):
            self.source.add(lhs, 'term')
            self.source.add(rhs, 'term')
        elif op in ('+', '-'):
            self.source.add(rhs, 'term')
        elif op == '&':
            self.source.add(rhs, 'mask')

    def expression(self, c):
        kind = c.kind
        if kind in (K.CXX_UNARY_EXPR, K.StmtExpr):
            return
        span = self.source.span(c)
        if span and self.source.macro_at(*span) and \
                self.source.macro_at(*span) not in ('true', 'false'):
            return
        if kind == K.BINARY_OPERATOR:
            self.binary(c)
        elif kind == K.CONDITIONAL_OPERATOR and span:
            self.condition(children(c)[0])
        elif kind == K.UNARY_OPERATOR and span and \
                re.fullmatch(r'-E[A-Z0-9]+', self.source.at(*span)):
            if self.source.at(*span) != '-EIO':
                self.source.add(span, 'errno')
            else:
                self.source.add(span, 'errno', '(# ? -EINVAL : (@))')
            return
        elif span and self.source.at(*span) in ('true', 'false'):
            self.source.add(span, 'bool')
            return
        for inner in children(c):
            self.expression(inner)
