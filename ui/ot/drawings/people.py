"""Drawings of a person and of what they sit in: standing, seated, rising, reaching, in a wheelchair."""

from __future__ import annotations

from ui.ot.drawings.pad import Pad


def _upright(pad: Pad, floor: float = 160) -> None:
    up = floor - 160
    pad.head((104, 28 + up))
    pad.body((104, 58 + up), (104, 92 + up), thick=24)
    pad.body((88, 54 + up), (84, 96 + up), thick=7)
    pad.body((120, 54 + up), (124, 96 + up), thick=7)
    pad.body((98, 98 + up), (97, 156 + up), thick=10)
    pad.body((110, 98 + up), (111, 156 + up), thick=10)


def standing(pad: Pad, kind: str) -> None:
    """A person stands, back to a wall; the tape from the floor to the top of the head."""
    pad.floor()
    _upright(pad)
    pad.mark((104, 17), (172, 17))
    pad.tape((164, 163), (164, 18))


def scales(pad: Pad, kind: str) -> None:
    """A person stands on scales."""
    pad.floor()
    _upright(pad, 152)
    pad.box(72, 153, 64, 10, 3)
    pad.trace((72, 158), (136, 158))
    pad.say((168, 152), "kg")


def standing_reach(pad: Pad, kind: str) -> None:
    """A person from the side, an arm straight out; the tape from behind the shoulder to the finger tips."""
    pad.floor()
    pad.head((74, 32))
    pad.body((74, 60), (74, 96), thick=22)
    pad.body((74, 62), (154, 62), thick=8)
    pad.body((74, 100), (73, 156), thick=12)
    pad.body((73, 158), (84, 159), thick=7)
    pad.mark((62, 42), (62, 66))
    pad.mark((158, 42), (158, 66))
    pad.tape((62, 44), (158, 44))


def _chair(pad: Pad) -> None:
    pad.line((62, 44), (70, 106), (132, 106), weight=2.4)
    pad.line((72, 106), (72, 163))
    pad.line((128, 106), (128, 163))


def seated_side(pad: Pad, kind: str) -> None:
    """A person sits on a chair, seen from the side, foot flat, knee and elbow at right angles."""
    pad.floor()
    _chair(pad)
    pad.head((90, 24))
    pad.body((86, 52), (83, 92), thick=20)
    pad.body((84, 97), (140, 97), thick=14)
    pad.body((141, 98), (141, 156), thick=11)
    pad.body((141, 159), (156, 159), thick=8)
    pad.body((88, 52), (92, 78), (120, 76), thick=7)
    if kind == "person.knee_height":
        pad.mark((136, 104), (184, 104))
        pad.tape((176, 163), (176, 105))
    elif kind == "person.elbow_height":
        pad.mark((92, 82), (34, 82))
        pad.mark((84, 105), (34, 105))
        pad.tape((42, 104), (42, 83))
    else:
        pad.mark((72, 92), (72, 128))
        pad.mark((135, 104), (135, 128))
        pad.tape((73, 122), (134, 122))


def seated_front(pad: Pad, kind: str) -> None:
    """A person sits, seen from the front, a book at each hip; the tape between the books."""
    pad.floor()
    pad.box(70, 104, 100, 8, 3)
    pad.line((76, 112), (76, 163))
    pad.line((164, 112), (164, 163))
    pad.head((120, 24))
    pad.body((120, 54), (120, 88), thick=32)
    pad.body((99, 50), (95, 86), thick=7)
    pad.body((141, 50), (145, 86), thick=7)
    pad.body((106, 96), (134, 96), thick=20)
    pad.body((108, 104), (108, 156), thick=11)
    pad.body((132, 104), (132, 156), thick=11)
    pad.box(88, 80, 5, 25, filled=True)
    pad.box(147, 80, 5, 25, filled=True)
    pad.mark((93, 104), (93, 132))
    pad.mark((147, 104), (147, 132))
    pad.tape((94, 126), (146, 126))


def rising(pad: Pad, kind: str) -> None:
    """A person rises from a seat; the tape from the floor to the seat."""
    pad.floor()
    pad.box(54, 102, 56, 10, 3)
    pad.line((60, 112), (60, 163))
    pad.line((104, 112), (104, 163))
    pad.head((140, 36))
    pad.body((132, 58), (106, 84), thick=20)
    pad.body((104, 90), (146, 104), thick=14)
    pad.body((147, 106), (138, 156), thick=11)
    pad.body((138, 159), (153, 159), thick=8)
    pad.body((130, 60), (150, 86), thick=7)
    pad.line((176, 96), (176, 62), quiet=True)
    pad.line((170, 70), (176, 62), (182, 70), quiet=True)
    pad.mark((54, 102), (26, 102))
    pad.tape((34, 163), (34, 103))


def heel(pad: Pad, kind: str) -> None:
    """A shoe from the side; the tape from the floor to the top of the heel."""
    pad.floor()
    pad.curve((76, 128), ((72, 100), (74, 84), (78, 70)))
    pad.line((78, 70), (122, 70))
    pad.curve((122, 70), ((126, 96), (150, 104), (176, 112)), ((196, 118), (204, 134), (200, 150)))
    pad.line((200, 150), (120, 150), (112, 130), (76, 128))
    pad.shape([(76, 128), (112, 130), (110, 162), (78, 162)])
    pad.line((120, 150), (124, 160), (204, 160), (200, 150), weight=1.5)
    pad.mark((76, 129), (44, 129))
    pad.tape((52, 163), (52, 130))


def grip(pad: Pad, kind: str) -> None:
    """A forearm, the elbow at a right angle, and a hand that squeezes a dynamometer."""
    pad.body((36, 20), (40, 96), thick=22)
    pad.body((42, 104), (128, 104), thick=20)
    pad.box(136, 62, 12, 84, 5)
    pad.box(156, 62, 10, 84, 5)
    pad.box(134, 40, 36, 26, 8)
    pad.body((138, 92), (162, 92), thick=9)
    pad.body((138, 104), (162, 104), thick=9)
    pad.body((138, 116), (160, 116), thick=9)
    pad.spot((152, 53))
    pad.say((196, 53), "kg")


def hand(pad: Pad, kind: str) -> None:
    """Two hands, left and right."""
    for side, middle in ((1, 68), (-1, 172)):
        pad.body((middle, 128), (middle, 96), thick=32)
        for step, tip in ((-13, 58), (-4.5, 46), (4.5, 48), (13, 60)):
            pad.body((middle + step, 92), (middle + step * 1.25, tip), thick=7)
        pad.body((middle + side * 18, 118), (middle + side * 36, 94), thick=8)
    pad.say((68, 166), "left")
    pad.say((172, 166), "right")


def wheelchair_side(pad: Pad, kind: str) -> None:
    """A wheelchair from the side; the tape from the back of the rear wheel to the tip of the footplate."""
    pad.floor()
    wheelchair(pad)
    pad.mark((47, 122), (47, 178))
    pad.mark((189, 136), (189, 178))
    pad.tape((48, 174), (188, 174))


def wheelchair(pad: Pad) -> None:
    """Draw a wheelchair from the side on a floor that is there."""
    pad.ring((92, 118), 45)
    pad.ring((92, 118), 38, weight=1, quiet=True)
    pad.ring((92, 118), 4, weight=1.5)
    pad.ring((158, 150), 13)
    pad.line((76, 96), (144, 96), (158, 136))
    pad.line((76, 96), (66, 36), (52, 34), weight=2.4)
    pad.line((84, 68), (128, 68), (132, 96), weight=1.6)
    pad.line((144, 96), (166, 128), (188, 134), weight=2.4)


def wheelchair_front(pad: Pad, kind: str) -> None:
    """A wheelchair from the front; the tape from the outside of one push rim to the other."""
    pad.floor()
    pad.box(78, 30, 84, 60, 5)
    pad.box(76, 94, 88, 9, 3)
    for left in (62, 166):
        pad.box(left, 74, 12, 88, 5)
    pad.line((58, 88), (58, 150), weight=2.4)
    pad.line((182, 88), (182, 150), weight=2.4)
    pad.line((92, 103), (92, 142), (112, 142))
    pad.line((148, 103), (148, 142), (128, 142))
    pad.box(84, 148, 6, 14, 2)
    pad.box(150, 148, 6, 14, 2)
    pad.mark((57, 152), (57, 178))
    pad.mark((183, 152), (183, 178))
    pad.tape((58, 174), (182, 174))
