"""FHIRPath expressions by chance: one call of one function of the subset, on literals of every kind."""

from __future__ import annotations

import random

WORDS = (
    "",
    "a",
    "Ab c",
    "abcabc",
    "12",
    "2.5",
    "-3",
    "true",
    "No",
    "2020-02-29",
    "10:30:00",
    " x ",
    "5 'mg'",
)
NUMBERS = ("0", "1", "7", "-3", "2.5", "-2.5", "0.1", "100", "1.005", "12.345")
TRUTHS = ("true", "false")
DAYS = ("@2020-02-29", "@2019-12", "@2019", "@2020-02-29T10:30:00Z", "@T10:30:00")
MEASURES = ("5 'mg'", "3 years", "480 'mm'")

NO_ARGUMENT = (
    "empty", "not", "hasValue", "count", "first", "last", "tail", "single", "distinct", "isDistinct",
    "allTrue", "allFalse", "anyTrue", "anyFalse", "sum", "min", "max", "avg", "upper", "lower", "trim",
    "length",
    "toChars", "join", "abs", "ceiling", "floor", "truncate", "exp", "ln", "sqrt", "round", "toString",
    "toInteger", "toDecimal", "toBoolean", "toQuantity", "toDate", "toDateTime", "toTime",
    "convertsToString", "convertsToInteger", "convertsToDecimal", "convertsToBoolean", "convertsToQuantity",
    "convertsToDate", "convertsToDateTime", "convertsToTime", "exists", "children", "descendants",
)  # fmt: skip
SETS = ("subsetOf", "supersetOf", "union", "combine", "intersect", "exclude")
OF_WORDS = ("startsWith", "endsWith", "contains", "indexOf", "matches", "split", "join")
OF_NUMBER = ("skip", "take", "substring", "power", "log", "round")
MACROS = ("where", "select", "all", "exists")
OPERATORS = ("=", "!=", "~", "!~", "<", "<=", ">", ">=", "+", "-", "*", "/", "div", "mod", "&", "|", "in",
             "contains", "and", "or", "xor", "implies")  # fmt: skip
NAMES = (
    *NO_ARGUMENT, *SETS, *OF_WORDS, *OF_NUMBER, *MACROS, *OPERATORS, "replace", "replaceMatches",
    "substring2", "iif", "aggregate", "repeat", "trace", "is", "as", "ofType",
)  # fmt: skip


def call(name: str, chance: random.Random) -> str:
    """Return one call of a function, or one use of an operator, on literals."""
    focus = collection(chance)
    if name in OPERATORS:
        return f"({focus}) {name} ({collection(chance)})"
    if name in ("is", "as"):
        return f"({single(chance)}) {name} {chance.choice(('Integer', 'Decimal', 'String', 'Boolean'))}"
    if name == "ofType":
        return f"({focus}).ofType({chance.choice(('Integer', 'Decimal', 'String', 'Boolean'))})"
    return f"({focus}).{_called(name, chance)}"


def _called(name: str, chance: random.Random) -> str:
    if name in SETS:
        return f"{name}({collection(chance)})"
    if name in OF_WORDS and (name != "join" or chance.random() < 0.5):
        return f"{name}({words(chance)})"
    if name in OF_NUMBER and (name != "round" or chance.random() < 0.5):
        return f"{name}({chance.choice(('0', '1', '2', '3'))})"
    if name in MACROS:
        return f"{name}({_criterion(chance)})"
    return {
        "replace": f"replace({words(chance)}, {words(chance)})",
        "replaceMatches": f"replaceMatches({words(chance)}, {words(chance)})",
        "substring2": f"substring({chance.randint(0, 3)}, {chance.randint(0, 3)})",
        "iif": f"select(iif({_criterion(chance)}, $this, {single(chance)}))",
        "aggregate": "aggregate($total + $this, 0)",
        "repeat": "repeat({})",
        "trace": "trace('x')",
    }.get(name, f"{name}()")


def _criterion(chance: random.Random) -> str:
    return chance.choice(
        ("$this = 1", "$this > 2", "$this.toString() = 'a'", "true", "{}", "$this is Integer")
    )


def words(chance: random.Random) -> str:
    """Return a text of no special characters."""
    return f"'{chance.choice(('', 'a', 'b', 'Ab', ' ', 'c', 'abc'))}'"


def single(chance: random.Random) -> str:
    """Return one literal of any kind."""
    kind = chance.choice(("words", "number", "truth", "day", "measure"))
    if kind == "words":
        return "'" + chance.choice(WORDS).replace("'", "\\'") + "'"
    return chance.choice({"number": NUMBERS, "truth": TRUTHS, "day": DAYS, "measure": MEASURES}[kind])


def collection(chance: random.Random) -> str:
    """Return nothing, one literal (most often), or several of one kind."""
    size = chance.choice((0, 1, 1, 1, 2, 3))
    if size < 2:
        return single(chance) if size else "{}"
    kind = chance.choice((NUMBERS, TRUTHS, tuple(f"'{one}'" for one in WORDS if "'" not in one)))
    return " | ".join(chance.choice(kind) for _ in range(size))
