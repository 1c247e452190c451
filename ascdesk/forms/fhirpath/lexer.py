"""Cuts the text of a FHIRPath expression into tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ascdesk.forms.fhirpath.syntax import FhirPathError

_PATTERN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<temporal>@(?:T\d[\d:.]*|\d{4}(?:-\d\d(?:-\d\d)?)?(?:T(?:\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:\d\d)?)?)?))
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<string>'(?:[^'\\]|\\.)*')
    |(?P<delimited>`(?:[^`\\]|\\.)*`)
    |(?P<variable>%(?:[A-Za-z_][A-Za-z0-9_-]*|`(?:[^`\\]|\\.)*`|'(?:[^'\\]|\\.)*'))
    |(?P<special>\$(?:this|index|total)\b)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<mark><=|>=|!=|!~|[-+*/&|<>=~().,\[\]{}])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression: its kind, its text without quotes, and where it begins."""

    kind: str
    text: str
    at: int


def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of an expression, ended by one of kind `end`; raises FhirPathError."""
    if len(text) > LONGEST:
        raise FhirPathError(f"the expression is longer than {LONGEST} characters")
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _PATTERN.match(text, at)
        if match is None:
            raise FhirPathError(f"{text[at]!r} at character {at + 1} is not FHIRPath")
        kind = str(match.lastgroup)
        if kind != "space":
            found.append(Token(*_cleaned(kind, match.group()), at))
        at = match.end()
    return (*found, Token("end", "", at))


def _cleaned(kind: str, text: str) -> tuple[str, str]:
    if kind == "string":
        return kind, _unescaped(text[1:-1])
    if kind == "delimited":
        return "name", _unescaped(text[1:-1])
    if kind == "variable":
        name = text[1:]
        return kind, _unescaped(name[1:-1]) if name[0] in "`'" else name
    return kind, text


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_escape, text) if "\\" in text else text


def _escape(match: re.Match[str]) -> str:
    code = match.group(1)
    return chr(int(code[1:], 16)) if len(code) == 5 else _ESCAPES.get(code, code)
