"""Drawings of the building: stairs, steps and paths outside, doors, walls, ceilings, floors, room to turn."""

from __future__ import annotations

from ui.ot.drawings.pad import Pad, Point
from ui.ot.drawings.people import wheelchair

_STEPS = 5


def _flight() -> list[Point]:
    points: list[Point] = [(46, 163)]
    for step in range(_STEPS):
        x, y = 46 + step * 26.0, 163 - (step + 1) * 17.0
        points += [(x, y), (x + 26, y)]
    return [*points[:-1], (214, 78)]


def stairs_side(pad: Pad, kind: str) -> None:
    """A flight of stairs from the side, with the space at its bottom, the landing at its top, the ceiling."""
    pad.ground((214, 12), (14, 12))
    pad.ground((14, 12), (14, 164))
    pad.ground((216, 164), (216, 12))
    pad.ground((14, 164), (46, 164))
    pad.line(*_flight(), weight=2.4)
    if kind == "stairs.count":
        for step in range(_STEPS):
            pad.say((38 + step * 26, 155 - step * 17), str(step + 1))
        pad.trace(*_flight()[:-1])
    elif kind == "stairs.headroom":
        pad.tape((98, 111), (98, 14), "lowest here")
    elif kind == "stairs.landing_top":
        pad.mark((150, 56), (150, 78))
        pad.tape((151, 62), (214, 62))
    elif kind == "stairs.landing_bottom":
        pad.mark((46, 124), (46, 146))
        pad.tape((16, 130), (45, 130))
    else:
        pad.box(190, 56, 14, 12, 2)
        pad.spot((197, 62))
        pad.box(22, 136, 14, 12, 2)
        pad.spot((29, 142))


def stairs_step(pad: Pad, kind: str) -> None:
    """Two steps, large: the rise from tread to tread, the going from front edge to front edge."""
    pad.line((12, 156), (88, 156), (88, 106), (80, 106), (80, 100), (164, 100), weight=2.4)
    pad.line((164, 100), (164, 50), (156, 50), (156, 44), (232, 44), weight=2.4)
    if kind == "stairs.rise":
        pad.mark((80, 100), (32, 100))
        pad.tape((40, 155), (40, 101), "rise")
    else:
        pad.mark((80, 70), (80, 100))
        pad.mark((156, 50), (156, 84))
        pad.tape((81, 78), (155, 78), "going")


def stairs_front(pad: Pad, kind: str) -> None:
    """A flight from its foot: a wall on the left, a banister on the right."""
    pad.ground((56, 12), (56, 164))
    pad.floor(left=56)
    for step in range(6):
        pad.line((57, 163 - step * 20), (178, 163 - step * 20), weight=1.8 if step else 2.4)
    pad.line((178, 163), (178, 60), weight=2)
    pad.line((188, 163), (188, 52), weight=3)
    if kind == "stairs.width":
        pad.tape((57, 92), (177, 92))
        return
    pad.trace((66, 130), (66, 36))
    pad.trace((188, 130), (188, 40))
    pad.say((92, 28), "left")
    pad.say((208, 28), "right")


def stairs_plan(pad: Pad, kind: str) -> None:
    """Stairs from above: a flight, winders round a corner, and the way up."""
    pad.line((36, 166), (36, 24), (222, 24), (222, 78), (92, 78), (92, 166), (36, 166))
    for y in (150, 134, 118, 102, 86):
        pad.line((36, y), (92, y), weight=1.2, quiet=True)
    for x in (112, 132, 152, 172, 192):
        pad.line((x, 24), (x, 78), weight=1.2, quiet=True)
    for end in ((36, 78), (36, 44), (56, 24), (92, 24)):
        pad.line((92, 78), end, weight=1.2, quiet=True)
    pad.trace((64, 160), (64, 76), (78, 54), (96, 51), (206, 51))
    pad.trace((198, 45), (206, 51), (198, 57))
    pad.say((150, 108), "up")


def outside_steps(pad: Pad, kind: str) -> None:
    """Steps up to a front door, from the side."""
    pad.floor(right=92)
    steps: list[Point] = [(92, 163), (92, 146), (118, 146), (118, 129), (144, 129), (144, 112), (232, 112)]
    pad.line(*steps, weight=2.4)
    pad.box(172, 18, 10, 94)
    pad.line((182, 20), (232, 20), weight=2)
    if kind == "outside.steps":
        pad.trace(*steps[:-1])
        for step, place in enumerate(((105, 136), (131, 119), (158, 102)), 1):
            pad.say(place, str(step))
        return
    pad.mark((144, 111), (48, 111))
    pad.tape((56, 163), (56, 112))


def outside_path(pad: Pad, kind: str) -> None:
    """A path between gate posts; the tape where it is narrowest."""
    pad.shape([(44, 170), (196, 170), (138, 40), (102, 40)])
    pad.box(94, 14, 52, 28, weight=1.6, quiet=True)
    pad.box(112, 18, 16, 24, weight=1.2, quiet=True)
    pad.box(50, 92, 12, 66, 2)
    pad.box(178, 92, 12, 66, 2)
    pad.tape((63, 132), (177, 132))


def outside_slope(pad: Pad, kind: str) -> None:
    """A path that slopes up to a door."""
    pad.ground((8, 156), (30, 156))
    pad.line((30, 156), (190, 112), (232, 112), weight=2.4)
    pad.box(196, 18, 10, 94)
    if kind == "outside.gradient":
        pad.line((30, 156), (190, 156), weight=1.2, quiet=True, dashed=True)
        pad.shape([(84, 130), (132, 117), (134, 125), (86, 138)])
        pad.trace((62, 148), (158, 121))
        pad.say((110, 171), "degrees, or 1:12")
        return
    pad.mark((190, 114), (190, 176))
    pad.mark((30, 158), (30, 176))
    pad.tape((31, 171), (189, 171), "level")


def door_plan(pad: Pad, kind: str) -> None:
    """A doorway from above, its door open; the tape from the open door to the frame opposite."""
    for left, wide in ((8, 58), (174, 58)):
        pad.box(left, 124, wide, 18)
    pad.box(66, 30, 9, 94, 2)
    pad.line((75, 60), (82, 60), (82, 52), weight=2)
    pad.curve((70, 30), ((128, 30), (172, 70), (174, 122)), weight=1.2, quiet=True)
    if kind == "door.swing":
        pad.trace((96, 36), (124, 46), (148, 68), (162, 96))
        pad.trace((154, 88), (162, 96), (165, 85))
        pad.say((120, 160), "going in", accent=False)
        pad.line((120, 152), (120, 128), weight=1.6, quiet=True)
        pad.line((115, 134), (120, 128), (125, 134), weight=1.6, quiet=True)
        return
    pad.tape((76, 116), (173, 116))


def door_side(pad: Pad, kind: str) -> None:
    """A threshold cut across; the tape from the floor to its top."""
    pad.ground((8, 160), (112, 160))
    pad.ground((150, 152), (232, 152))
    pad.line((112, 159), (112, 124), (150, 124), (150, 151), weight=2.4)
    pad.box(126, 14, 10, 106)
    pad.mark((112, 123), (70, 123))
    pad.tape((78, 159), (78, 124))


def turning(pad: Pad, kind: str) -> None:
    """A room from above; the tape across the largest circle of clear floor."""
    pad.box(18, 12, 204, 158, weight=2.4, filled=False)
    pad.box(20, 14, 44, 92, 4)
    pad.box(168, 118, 52, 50, 4)
    pad.line((18, 128), (18, 160), weight=5, quiet=True)
    pad.ring((118, 88), 54, weight=1.6, quiet=True, dashed=True)
    pad.tape((65, 88), (171, 88))


def ceiling(pad: Pad, kind: str) -> None:
    """A room cut through: bed, floor, ceiling with its joists."""
    pad.floor()
    pad.line((12, 24), (228, 24), weight=2.4)
    for left in (22, 62, 102, 142, 182):
        pad.box(left, 6, 12, 17)
    pad.box(26, 122, 108, 18, 6, weight=1.4, quiet=True)
    pad.line((34, 140), (34, 163), weight=1.4, quiet=True)
    pad.line((126, 140), (126, 163), weight=1.4, quiet=True)
    if kind == "room.ceiling":
        for left in (28, 68, 108, 148, 188):
            pad.trace((left, 9), (left, 21))
        pad.say((120, 44), "which way the joists run")
        return
    pad.tape((176, 163), (176, 25))


def wall(pad: Pad, kind: str) -> None:
    """A wall cut through its length: bricks on one side, studs and board on the other, a rail on it."""
    pad.floor()
    for course in range(8):
        y = 20 + course * 18
        pad.box(16, y, 92, 18, weight=1.2)
        for left in (34, 70) if course % 2 else (52, 88):
            pad.line((left, y), (left, y + 18), weight=1.2)
    pad.box(124, 20, 100, 144, weight=1.6)
    for left in (140, 178, 210):
        pad.line((left, 22), (left, 163), weight=1.2, quiet=True, dashed=True)
    pad.say((62, 10), "solid", accent=False)
    pad.say((174, 10), "studs", accent=False)
    pad.trace((40, 92), (86, 92))
    pad.trace((142, 92), (208, 92))
    pad.say((174, 116), "knock", patch=True)
    pad.say((62, 116), "knock", patch=True)


def floor(pad: Pad, kind: str) -> None:
    """A floor with what would stand or roll on it."""
    pad.floor()
    wheelchair(pad)
    pad.trace((12, 164), (228, 164))
