"""The shape of a FHIRPath expression once parsed: small frozen values, compared by what they say."""

from __future__ import annotations

from dataclasses import dataclass

from ascdesk.forms.fhirpath.values import Collection


class FhirPathError(Exception):
    """What is wrong with an expression, in words for the person who wrote the form."""


class EvaluationError(Exception):
    """An expression met data that it cannot be applied to, such as two values where one is meant."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant: a collection of no or one value."""

    values: Collection


@dataclass(frozen=True, slots=True)
class Special:
    """One of `$this`, `$index` and `$total`."""

    name: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A reference such as `%resource` or `%weight`."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """A step to a named child; without a source it starts at `$this`."""

    source: Expr | None
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function applied to a source; without a source it is applied to `$this`."""

    source: Expr | None
    name: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Indexed:
    """The element of a collection at a position counted from nought."""

    source: Expr
    index: Expr


@dataclass(frozen=True, slots=True)
class Unary:
    """A sign before a number."""

    sign: str
    operand: Expr


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands and the operator between them."""

    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class TypeTest:
    """`is` and `as` with the name of a type, System. and FHIR. prefixes dropped."""

    operator: str
    operand: Expr
    type_name: str


Expr = Literal | Special | Variable | Member | Call | Indexed | Unary | Binary | TypeTest
