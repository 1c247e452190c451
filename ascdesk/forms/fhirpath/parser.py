"""Reads FHIRPath text into syntax: a small precedence-climbing parser for the whole grammar."""

from __future__ import annotations

from decimal import Decimal

from ascdesk.forms.fhirpath.lexer import Token, tokens
from ascdesk.forms.fhirpath.syntax import (
    Binary,
    Call,
    Expr,
    FhirPathError,
    Indexed,
    Literal,
    Member,
    Special,
    TypeTest,
    Unary,
    Variable,
)
from ascdesk.forms.fhirpath.values import Quantity, parse_temporal

_LEVELS = (
    ("implies",),
    ("or", "xor"),
    ("and",),
    ("in", "contains"),
    ("=", "~", "!=", "!~"),
    ("<=", "<", ">", ">="),
    ("|",),
    ("is", "as"),
    ("+", "-", "&"),
    ("*", "/", "div", "mod"),
)
_BINDING = {operator: level for level, operators in enumerate(_LEVELS) for operator in operators}
_CALENDAR = {
    plural: unit
    for unit in ("year", "month", "week", "day", "hour", "minute", "second", "millisecond")
    for plural in (unit, unit + "s")
}
_DEEPEST = 60


def parse(text: str) -> Expr:
    """Return the syntax of an expression; raises FhirPathError with what is wrong and where."""
    reader = _Reader(tokens(text))
    expression = reader.expression(0)
    reader.expect("end", "")
    return expression


class _Reader:
    """Walks along the tokens once."""

    def __init__(self, words: tuple[Token, ...]) -> None:
        self._words = words
        self._at = 0
        self._depth = 0

    @property
    def _next(self) -> Token:
        return self._words[self._at]

    def _take(self) -> Token:
        word = self._words[self._at]
        self._at += 1
        return word

    def _accept(self, mark: str) -> bool:
        if self._next.kind == "mark" and self._next.text == mark:
            self._at += 1
            return True
        return False

    def expect(self, kind: str, text: str) -> Token:
        """Take the next token, which must be this one."""
        word = self._next
        if word.kind != kind or (text and word.text != text):
            wanted = text or {"end": "the end", "name": "a name"}.get(kind, kind)
            raise FhirPathError(
                f"expected {wanted} at character {word.at + 1}, found {word.text or 'the end'}"
            )
        return self._take()

    def expression(self, level: int) -> Expr:
        """Read an expression whose operators bind at least as tightly as `level`."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise FhirPathError(f"the expression is nested more than {_DEEPEST} deep")
        left = self._signed()
        while (binding := self._operator()) >= level:
            operator = self._take().text
            if operator in ("is", "as"):
                left = TypeTest(operator, left, self._type_name())
            else:
                left = Binary(operator, left, self.expression(binding + 1))
        self._depth -= 1
        return left

    def _operator(self) -> int:
        word = self._next
        return _BINDING.get(word.text, -1) if word.kind in ("mark", "name") else -1

    def _signed(self) -> Expr:
        signs = []
        while self._next.kind == "mark" and self._next.text in "+-":
            signs.append(self._take().text)
        operand = self._steps(self._term())
        for sign in reversed(signs):
            operand = Unary(sign, operand)
        return operand

    def _steps(self, source: Expr) -> Expr:
        while True:
            if self._accept("."):
                source = self._step(source)
            elif self._accept("["):
                source = Indexed(source, self.expression(0))
                self.expect("mark", "]")
            else:
                return source

    def _step(self, source: Expr | None) -> Expr:
        if self._next.kind == "special" and source is not None:
            raise FhirPathError(f"{self._next.text} cannot follow a dot")
        name = self.expect("name", "").text
        if not self._accept("("):
            return Member(source, name)
        if name in ("is", "as", "ofType"):
            return self._type_call(source, name)
        args: list[Expr] = []
        if not self._accept(")"):
            args.append(self.expression(0))
            while self._accept(","):
                args.append(self.expression(0))
            self.expect("mark", ")")
        return Call(source, name, tuple(args))

    def _type_call(self, source: Expr | None, name: str) -> Expr:
        operand = source if source is not None else Special("$this")
        found = TypeTest(name, operand, self._type_name())
        self.expect("mark", ")")
        return found

    def _type_name(self) -> str:
        name = self.expect("name", "").text
        if name in ("System", "FHIR") and self._accept("."):
            name = self.expect("name", "").text
        return name

    def _term(self) -> Expr:
        word = self._next
        if self._accept("("):
            inner = self.expression(0)
            self.expect("mark", ")")
            return inner
        if self._accept("{"):
            self.expect("mark", "}")
            return Literal(())
        if word.kind == "name":
            return self._named()
        if word.kind in ("special", "variable"):
            self._take()
            return Special(word.text) if word.kind == "special" else Variable(word.text)
        return self._literal()

    def _named(self) -> Expr:
        word = self._next
        following = self._words[self._at + 1]
        if word.text in ("true", "false") and following.text != "(":
            self._take()
            return Literal((word.text == "true",))
        return self._step(None)

    def _literal(self) -> Expr:
        word = self._take()
        if word.kind == "string":
            return Literal((word.text,))
        if word.kind == "number":
            return self._number(word.text)
        if word.kind == "temporal":
            moment = parse_temporal(word.text[1:])
            if moment is None:
                raise FhirPathError(f"{word.text} is not a date or time that exists")
            return Literal((moment,))
        raise FhirPathError(f"expected a value at character {word.at + 1}, found {word.text or 'the end'}")

    def _number(self, text: str) -> Expr:
        unit = self._next
        if unit.kind == "string":
            self._take()
            return Literal((Quantity(Decimal(text), unit.text),))
        if unit.kind == "name" and unit.text in _CALENDAR:
            self._take()
            return Literal((Quantity(Decimal(text), _CALENDAR[unit.text]),))
        return Literal((Decimal(text) if "." in text else int(text),))
