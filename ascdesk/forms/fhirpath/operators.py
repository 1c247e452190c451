"""What FHIRPath's operators mean: equality, order, arithmetic and three-valued logic (FHIRPath N1, 6)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from ascdesk.forms.fhirpath.syntax import EvaluationError
from ascdesk.forms.fhirpath.values import (
    EMPTY,
    FALSE,
    TRUE,
    Coding,
    Collection,
    Element,
    Quantity,
    Temporal,
    Value,
    add_to_temporal,
    compare_temporals,
    parse_temporal,
    quantity_of,
)

Operator = Callable[[Collection, Collection], Collection]


def single(values: Collection) -> Value:
    """Return the one value of a collection that is not empty; raises EvaluationError for several."""
    if len(values) != 1:
        raise EvaluationError(f"one value was expected and {len(values)} were found")
    return values[0]


def truth(values: Collection) -> bool | None:
    """Return a collection as a condition: None when empty; a single value that is no boolean is true."""
    if not values:
        return None
    value = single(values)
    return value if isinstance(value, bool) else True


def boolean(value: bool | None) -> Collection:
    """Return a truth value as a collection; None, the unknown, is empty."""
    if value is None:
        return EMPTY
    return TRUE if value else FALSE


def is_number(value: Value) -> bool:
    """Return whether a value is an integer or a decimal."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def same(left: Value, right: Value) -> bool | None:
    """Return whether two values are equal; None where an unknown part leaves it open."""
    if isinstance(left, Temporal) or isinstance(right, Temporal):
        one, other = _temporal(left), _temporal(right)
        if one is None or other is None:
            return False
        order = compare_temporals(one, other)
        return None if order is None else order == 0
    if isinstance(left, Quantity) or isinstance(right, Quantity):
        return quantity_of(left) == quantity_of(right) and quantity_of(left) is not None
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)


def _temporal(value: Value) -> Temporal | None:
    if isinstance(value, str):
        return parse_temporal(value)
    return value if isinstance(value, Temporal) else None


def equal(left: Collection, right: Collection) -> Collection:
    """Compare two collections value by value, in order."""
    if not left or not right:
        return EMPTY
    if len(left) != len(right):
        return FALSE
    answer: bool | None = True
    for one, other in zip(left, right, strict=True):
        found = same(one, other)
        if found is False:
            return FALSE
        answer = None if found is None else answer
    return boolean(answer)


def unequal(left: Collection, right: Collection) -> Collection:
    """Return the opposite of `equal`."""
    return negated(equal(left, right))


def negated(values: Collection) -> Collection:
    """Return the opposite of a condition; the unknown stays unknown."""
    value = truth(values)
    return EMPTY if value is None else boolean(not value)


def alike(left: Value, right: Value) -> bool:
    """Return whether two values are equivalent: case, spacing and surplus decimals do not count."""
    if isinstance(left, str) and isinstance(right, str):
        return " ".join(left.casefold().split()) == " ".join(right.casefold().split())
    if is_number(left) and is_number(right):
        return _alike_numbers(Decimal(left), Decimal(right))
    if isinstance(left, Coding) or isinstance(right, Coding):
        return _alike_codings(left, right)
    return same(left, right) is True


def _alike_numbers(left: Decimal, right: Decimal) -> bool:
    places = min(_places(left), _places(right))
    return round(left, places) == round(right, places)


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _alike_codings(left: Value, right: Value) -> bool:
    if not isinstance(left, dict) or not isinstance(right, dict):
        return False
    return left.get("code") == right.get("code") and left.get("system") == right.get("system")


def equivalent(left: Collection, right: Collection) -> Collection:
    """Compare two collections loosely and in any order; never unknown."""
    if len(left) != len(right):
        return FALSE
    remaining = list(right)
    for one in left:
        match = next((other for other in remaining if alike(one, other)), None)
        if match is None:
            return FALSE
        remaining.remove(match)
    return TRUE


def not_equivalent(left: Collection, right: Collection) -> Collection:
    """Return the opposite of `equivalent`."""
    return FALSE if equivalent(left, right) is TRUE else TRUE


def order(left: Value, right: Value) -> int | None:
    """Return -1, 0 or 1, or None where it is unknown; raises EvaluationError for kinds without an order."""
    if isinstance(left, Temporal) or isinstance(right, Temporal):
        one, other = _temporal(left), _temporal(right)
        if one is None or other is None:
            raise EvaluationError("a date can only be compared with a date")
        return compare_temporals(one, other)
    if is_number(left) and is_number(right):
        return int(left > right) - int(left < right)
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    first, second = quantity_of(left), quantity_of(right)
    if first is None or second is None:
        raise EvaluationError("these two kinds of value have no order between them")
    if first.unit != second.unit:
        return None
    return (first.value > second.value) - (first.value < second.value)


def _ordering(test: Callable[[int], bool]) -> Operator:
    def compare(left: Collection, right: Collection) -> Collection:
        if not left or not right:
            return EMPTY
        found = order(single(left), single(right))
        return EMPTY if found is None else boolean(test(found))

    return compare


def plus(left: Collection, right: Collection) -> Collection:
    """Add numbers, quantities of one unit, or time to a date; join two texts."""
    if not left or not right:
        return EMPTY
    one, other = single(left), single(right)
    if isinstance(one, str) and isinstance(other, str):
        return (one + other,)
    return _added(one, other, 1)


def minus(left: Collection, right: Collection) -> Collection:
    """Subtract numbers, quantities of one unit, or time from a date."""
    if not left or not right:
        return EMPTY
    return _added(single(left), single(right), -1)


def _added(one: Value, other: Value, sign: int) -> Collection:
    if is_number(one) and is_number(other):
        return (one + sign * other,)
    if isinstance(other, Quantity | dict) and (amount := quantity_of(other)) is not None:
        moved = Quantity(sign * amount.value, amount.unit)
        if isinstance(one, Temporal):
            found = add_to_temporal(one, moved)
            if found is None:
                raise EvaluationError(f"{amount} cannot be added to {one}")
            return (found,)
        base = quantity_of(one)
        if base is not None and base.unit == moved.unit:
            return (Quantity(base.value + moved.value, base.unit),)
    raise EvaluationError("these two kinds of value cannot be added or subtracted")


def joined(left: Collection, right: Collection) -> Collection:
    """Join two texts, counting an empty side as no text (`&`)."""
    one, other = single(left or ("",)), single(right or ("",))
    if not isinstance(one, str) or not isinstance(other, str):
        raise EvaluationError("& joins texts only")
    return (one + other,)


def times(left: Collection, right: Collection) -> Collection:
    """Multiply numbers, or a quantity by a number."""
    if not left or not right:
        return EMPTY
    one, other = single(left), single(right)
    if is_number(one) and is_number(other):
        return (one * other,)
    for amount, factor in ((one, other), (other, one)):
        if is_number(factor) and (base := quantity_of(amount)) is not None:
            return (Quantity(base.value * factor, base.unit),)
    raise EvaluationError("only numbers can be multiplied")


def _numbers(left: Collection, right: Collection) -> tuple[Decimal, Decimal] | None:
    if not left or not right:
        return None
    one, other = single(left), single(right)
    if not is_number(one) or not is_number(other):
        raise EvaluationError("only numbers can be divided")
    return Decimal(one), Decimal(other)


def divided(left: Collection, right: Collection) -> Collection:
    """Divide numbers exactly (or a quantity by a number); by nought is empty."""
    if left and right and is_number(right[0]) and not is_number(left[0]):
        base = quantity_of(single(left))
        if base is not None:
            return (Quantity(base.value / Decimal(single(right)), base.unit),) if right[0] else EMPTY
    pair = _numbers(left, right)
    return EMPTY if pair is None or pair[1] == 0 else (pair[0] / pair[1],)


def whole_part(left: Collection, right: Collection) -> Collection:
    """Divide and drop the remainder (`div`); by nought is empty."""
    pair = _numbers(left, right)
    return EMPTY if pair is None or pair[1] == 0 else (int(pair[0] / pair[1]),)


def remainder(left: Collection, right: Collection) -> Collection:
    """Return what a truncated division leaves (`mod`); by nought is empty."""
    pair = _numbers(left, right)
    if pair is None or pair[1] == 0:
        return EMPTY
    rest = pair[0] % pair[1]
    return (int(rest),) if isinstance(left[0], int) and isinstance(right[0], int) else (rest,)


def distinct(values: Collection) -> Collection:
    """Return the values without repeats, the first of each kept."""
    found: list[Value] = []
    for value in values:
        if not contains(found, value):
            found.append(value)
    return tuple(found)


def contains(values: Collection | list[Value], wanted: Value) -> bool:
    """Return whether a value equal to the wanted one is among the values."""
    if isinstance(wanted, Element) and not isinstance(wanted, Quantity):
        return any(value is wanted for value in values)
    return any(same(value, wanted) for value in values)


def union(left: Collection, right: Collection) -> Collection:
    """Return the values of both sides without repeats."""
    return distinct(left + right)


def member_of(left: Collection, right: Collection) -> Collection:
    """Return whether the single left value is among the right ones (`in`)."""
    return EMPTY if not left else boolean(contains(right, single(left)))


def has_member(left: Collection, right: Collection) -> Collection:
    """Return whether the single right value is among the left ones (`contains`)."""
    return EMPTY if not right else boolean(contains(left, single(right)))


BINARY: dict[str, Operator] = {
    "=": equal,
    "!=": unequal,
    "~": equivalent,
    "!~": not_equivalent,
    "<": _ordering(lambda found: found < 0),
    "<=": _ordering(lambda found: found <= 0),
    ">": _ordering(lambda found: found > 0),
    ">=": _ordering(lambda found: found >= 0),
    "+": plus,
    "-": minus,
    "&": joined,
    "*": times,
    "/": divided,
    "div": whole_part,
    "mod": remainder,
    "|": union,
    "in": member_of,
    "contains": has_member,
}
