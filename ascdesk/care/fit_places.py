"""The rules of fit that look at the home: bath, toilet, shower, doors, ramps, stairs, walls and ceilings.

Where several things of a kind were measured, the best of them is named; of doors the narrowest counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial

from ascdesk.care.equipment import Band, CatalogueItem
from ascdesk.care.fit_rules import RANK, About, by_rank
from ascdesk.care.fit_values import (
    At,
    Check,
    Known,
    State,
    again,
    band_words,
    mm,
    verdict,
)
from ascdesk.care.measures import KINDS

_YES = frozenset({"yes", "true"})


def _at_least(limit: Decimal, value: Decimal) -> bool:
    return value >= limit


def _measured(
    about: About,
    rule: str,
    kind: str,
    need: str,
    test: Callable[[Decimal], bool],
    *,
    worst: bool = False,
) -> Check:
    """Check a figure of the home against a limit; ``need`` says the limit in words.

    Of several the best is told, or the worst where each of them is on the way. What one limit comes to is
    worked out once: ``need`` holds the limit.
    """
    key = (rule, need)
    if key not in about.said:
        about.said[key] = _judged(about, rule, kind, need, (test, worst))
    return about.said[key]


def _judged(
    about: About, rule: str, kind: str, need: str, how: tuple[Callable[[Decimal], bool], bool]
) -> Check:
    test, worst = how
    found = [(verdict(test, at.known), at) for at in about.there(kind) if at.known is not None]
    if not found:
        return Check(rule, State.NOT_KNOWN, f"{need}: not measured.", kind=kind)
    state, at = (max if worst else min)(found, key=_rank)
    figure = at.known
    assert figure is not None
    if figure.apart is not None:
        both = "both readings fit, " if all(map(test, figure.values)) else ""
        words = f"{need}: {both}{figure.words}{at.where}."
    else:
        words = f"{need}; {figure.words}{at.where}."
    return Check(rule, state, again(state, words, figure), kind=kind)


def _rank(found: tuple[State, At]) -> int:
    return RANK[found[0]]


def _best(checks: Sequence[Check]) -> Check:
    return min(checks, key=by_rank)


def _seen(about: About, rule: str, kind: str, need: str, *, ask: str, fine: Callable[[str], bool]) -> Check:
    """Check what is seen and not measured: what a wall is made of, whether a rim is flat.

    What somebody wrote in words of their own is theirs to judge: it is neither for nor against.
    """
    checks = []
    for at in about.there(kind):
        words = at.taken.words.strip().lower()
        if not words or "not known" in words:
            continue
        said = f"{need}: {at.taken.words.strip()}{at.where}."
        if fine(words):
            checks.append(Check(rule, State.FITS, said, kind=kind))
        elif words in KINDS[kind].options:
            checks.append(Check(rule, State.DOES_NOT_FIT, f"{said} It is not for this.", kind=kind))
        else:
            checks.append(Check(rule, State.NOT_KNOWN, f"{said} Judge for yourself.", kind=kind))
    return _best(checks) if checks else Check(rule, State.NOT_KNOWN, ask, kind=kind)


# -- bath and shower --------------------------------------------------------------------------------------


def bath(item: CatalogueItem, about: About) -> Iterator[Check]:
    """Check the inside of a bath, its rim and what it is made of."""
    if item.bath_width is not None:
        need = f"Inside width {_range(item.bath_width)} mm"
        yield _measured(about, "bath_width", "bath.inside_width", need, item.bath_width.holds)
    if item.bath_length is not None:
        need = f"Needs {mm(item.bath_length)} mm inside length"
        yield _measured(
            about, "bath_length", "bath.inside_length", need, partial(_at_least, item.bath_length)
        )
    if item.rim_width is not None:
        need = f"Needs a rim {mm(item.rim_width)} mm wide"
        yield _measured(about, "rim_width", "bath.rim_width", need, partial(_at_least, item.rim_width))
    if item.rim_height is not None:
        need = f"Rim height {_range(item.rim_height)} mm"
        yield _measured(about, "rim_height", "bath.rim_height", need, item.rim_height.holds)
    if item.rim_flat:
        ask = "Say whether the rim of the bath is flat."
        yield _seen(about, "rim_flat", "bath.rim_flat", "Rim flat", ask=ask, fine=_YES.__contains__)
    if item.not_bath:
        ask = "Say what the bath is made of."
        yield _seen(
            about,
            "bath_material",
            "bath.material",
            "The bath is of",
            ask=ask,
            fine=partial(_none_of, item.not_bath),
        )


def shower(item: CatalogueItem, about: About) -> Iterator[Check]:
    """Check the room that a shower leaves."""
    if item.shower_width is not None:
        need = f"Needs a shower {mm(item.shower_width)} mm wide"
        yield _measured(about, "shower_width", "shower.width", need, partial(_at_least, item.shower_width))
    if item.shower_depth is not None:
        need = f"Needs a shower {mm(item.shower_depth)} mm deep"
        yield _measured(about, "shower_depth", "shower.depth", need, partial(_at_least, item.shower_depth))


# -- toilet and bed ---------------------------------------------------------------------------------------


def toilet(item: CatalogueItem, about: About) -> Iterator[Check]:
    """Check the toilet's height and the room on both sides of it."""
    if item.toilet_height is not None:
        need = f"For a toilet {_range(item.toilet_height)} mm high"
        yield _measured(about, "toilet_height", "toilet.height", need, item.toilet_height.holds)
    if item.toilet_clear is None:
        return
    for side in ("left", "right"):
        need = f"Needs {mm(item.toilet_clear)} mm free on the {side} of the toilet"
        kind = f"toilet.clear_{side}"
        yield _measured(about, kind.replace(".", "_"), kind, need, partial(_at_least, item.toilet_clear))


def bed(item: CatalogueItem, about: About) -> Iterator[Check]:
    """Check the bed's width."""
    if item.bed_width is not None:
        need = f"For a bed {_range(item.bed_width)} mm wide"
        yield _measured(about, "bed_width", "bed.width", need, item.bed_width.holds)


# -- moving about -----------------------------------------------------------------------------------------


def doors(item: CatalogueItem, about: About) -> Iterator[Check]:
    """Check the narrowest door on the way, and the room to turn."""
    if item.door_width is not None:
        need = f"Needs doors {mm(item.door_width)} mm clear"
        test = partial(_at_least, item.door_width)
        yield _measured(about, "door_width", "door.clear_width", need, test, worst=True)
    if item.turning is not None:
        need = f"Needs {mm(item.turning)} mm to turn in"
        yield _measured(about, "turning", "room.turning", need, partial(_at_least, item.turning))


def ramp(item: CatalogueItem, about: About) -> Iterator[Check]:
    """Check a ramp's length against the rise: no steeper than the item allows; and the wheelchair's width."""
    if item.ramp_length is not None and item.gradient is not None:
        yield _slope(item.ramp_length, item.gradient, item.ramp_over or "outside.rise", about)
    if item.ramp_width is not None:
        if about.without("wheelchair.width"):
            return
        chair = _wheelchair(about)
        need = f"The ramp is {mm(item.ramp_width)} mm wide"
        if chair is None:
            words = f"{need}; the wheelchair’s width is not measured."
            yield Check("ramp_width", State.NOT_KNOWN, words, kind="wheelchair.width")
            return
        state = verdict(partial(_at_most, item.ramp_width), chair)
        words = again(state, f"{need}; the wheelchair {chair.words}.", chair)
        yield Check("ramp_width", state, words, kind="wheelchair.width")


def _wheelchair(about: About) -> Known | None:
    own = about.of_person("wheelchair.width")
    if own is not None:
        return own
    return next((at.known for at in about.there("wheelchair.width") if at.known), None)


def _at_most(limit: Decimal, value: Decimal) -> bool:
    return value <= limit


def _slope(length: Decimal, gradient: Decimal, over: str, about: About) -> Check:
    """Check 1 in *gradient* or gentler over the whole rise that was measured."""
    need = f"Ramp {mm(length)} mm long, 1 in {mm(gradient)} at the steepest"
    checks = []
    for at in about.there(over):
        rise = at.known
        if rise is None:
            continue
        state = verdict(partial(_gentle, length, gradient), rise)
        run = mm((rise.middle * gradient).quantize(Decimal(1)))
        slope = f", that is 1 in {(length / rise.middle).quantize(Decimal('0.1'))}" if rise.middle > 0 else ""
        words = f"{need}; the rise is {rise.words}{at.where}{slope}. It needs {run} mm."
        checks.append(Check("gradient", state, again(state, words, rise), kind=over))
    return (
        _best(checks)
        if checks
        else Check("gradient", State.NOT_KNOWN, f"{need}: measure the rise.", kind=over)
    )


def _gentle(length: Decimal, gradient: Decimal, rise: Decimal) -> bool:
    return length >= gradient * rise


def stairs(item: CatalogueItem, about: About) -> Iterator[Check]:
    """Check the stairs that a lift or a rail goes up: width, shape, headroom, landings, a socket."""
    limits = (
        (item.stairs_width, "stairs.width", "Needs stairs {} mm wide"),
        (item.headroom, "stairs.headroom", "Needs {} mm of headroom"),
        (item.landing, "stairs.landing_top", "Needs a landing of {} mm at the top"),
        (item.landing, "stairs.landing_bottom", "Needs {} mm free at the bottom"),
    )
    for limit, kind, need in limits:
        if limit is not None:
            test = partial(_at_least, limit)
            yield _measured(about, kind.replace(".", "_"), kind, need.format(mm(limit)), test)
    if item.stairs_shape:
        need = f"For {' or '.join(item.stairs_shape)} stairs; these are"
        ask = "Say what shape the stairs are."
        yield _seen(
            about, "stairs_shape", "stairs.shape", need, ask=ask, fine=partial(_one_of, item.stairs_shape)
        )
    if item.socket:
        ask = "Say whether there is a socket by the stairs."
        yield _seen(about, "socket", "stairs.socket", "Socket by the stairs", ask=ask, fine=_YES.__contains__)


# -- what it is fixed to ----------------------------------------------------------------------------------


def fixings(item: CatalogueItem, about: About) -> Iterator[Check]:
    """Check ceiling and wall: their height, and whether what they are made of can carry it."""
    if item.ceiling_height is not None:
        need = f"Needs a ceiling {mm(item.ceiling_height)} mm high"
        test = partial(_at_least, item.ceiling_height)
        yield _measured(about, "ceiling_height", "room.ceiling_height", need, test)
    if item.ceilings:
        ask = "Say what the ceiling is made of; a surveyor says whether it carries the load."
        yield _seen(
            about, "ceiling", "room.ceiling", "The ceiling is", ask=ask, fine=partial(_one_of, item.ceilings)
        )
    if item.walls:
        ask = "Say what the wall is made of."
        yield _seen(about, "wall", "room.wall", "The wall is", ask=ask, fine=partial(_one_of, item.walls))


def _one_of(allowed: Sequence[str], words: str) -> bool:
    return words in allowed


def _none_of(refused: Sequence[str], words: str) -> bool:
    return words not in refused


def _range(band: Band) -> str:
    return band_words(band.least, band.most)
