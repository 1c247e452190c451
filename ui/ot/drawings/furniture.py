"""Drawings of what stands in a home: chair, bed, toilet, bath, shower, worktop."""

from __future__ import annotations

from ui.ot.drawings.pad import Pad


def chair_side(pad: Pad, kind: str) -> None:
    """An armchair from the side: seat height at the front edge, seat depth, arm height over the seat."""
    pad.floor()
    pad.shape([(62, 106), (150, 100), (152, 116), (64, 120)])
    pad.shape([(62, 108), (48, 36), (60, 32), (74, 104)])
    pad.line((62, 70), (140, 68), weight=3)
    pad.line((138, 69), (142, 101))
    pad.line((70, 120), (66, 163))
    pad.line((142, 117), (146, 163))
    if kind == "chair.seat_height":
        pad.mark((150, 100), (192, 100))
        pad.tape((184, 163), (184, 101))
    elif kind == "chair.seat_depth":
        pad.mark((74, 104), (74, 140))
        pad.mark((151, 104), (151, 140))
        pad.tape((75, 134), (150, 134))
    else:
        pad.tape((108, 102), (108, 70))


def chair_front(pad: Pad, kind: str) -> None:
    """An armchair from the front; the tape between the insides of the arms."""
    pad.floor()
    pad.box(76, 24, 88, 80, 8)
    pad.box(76, 100, 88, 18, 4)
    for left in (56, 164):
        pad.box(left, 66, 20, 66, 7)
    pad.line((66, 132), (66, 163))
    pad.line((174, 132), (174, 163))
    pad.tape((77, 86), (163, 86))


def bed_side(pad: Pad, kind: str) -> None:
    """A bed from the side; the tape from the floor to the top of the mattress."""
    pad.floor()
    pad.box(28, 112, 172, 16, 3)
    pad.box(30, 86, 168, 26, 8)
    pad.box(38, 72, 44, 16, 7)
    pad.line((26, 48), (26, 163), weight=3)
    pad.line((194, 128), (194, 163))
    pad.mark((198, 86), (224, 86))
    pad.tape((216, 163), (216, 87))


def bed_end(pad: Pad, kind: str) -> None:
    """A bed from its foot; the tape across the mattress."""
    pad.floor()
    pad.box(58, 44, 124, 60, 5, weight=1.6, quiet=True)
    pad.box(52, 112, 136, 14, 3)
    pad.box(50, 86, 140, 26, 8)
    pad.line((60, 126), (60, 163))
    pad.line((180, 126), (180, 163))
    pad.mark((50, 66), (50, 90))
    pad.mark((190, 66), (190, 90))
    pad.tape((51, 70), (189, 70))


def toilet_side(pad: Pad, kind: str) -> None:
    """A toilet from the side, its seat up; the tape from the floor to the top of the pan."""
    pad.floor(left=36)
    pad.ground((36, 12), (36, 164))
    pad.box(38, 54, 30, 52, 4)
    pad.shape([(60, 104), (160, 104), (156, 122), (134, 142), (130, 162), (80, 162), (76, 126), (60, 120)])
    pad.line((72, 100), (82, 40), weight=4)
    pad.mark((160, 104), (196, 104))
    pad.tape((188, 163), (188, 105))


def toilet_front(pad: Pad, kind: str) -> None:
    """A toilet from above, a wall behind it and at its left, a basin at its right.

    Whoever sits on it looks up the drawing, so that their left is on the left.
    """
    pad.ground((232, 164), (8, 164))
    pad.ground((30, 16), (30, 164))
    pad.box(90, 138, 60, 24, 4)
    pad.box(97, 66, 46, 74, 23)
    pad.box(109, 78, 22, 46, 11, weight=1.2, quiet=True)
    pad.box(196, 76, 40, 56, 6)
    pad.ring((216, 104), 12, weight=1.2, quiet=True)
    pad.line((120, 30), (120, 138), weight=1.2, quiet=True, dashed=True)
    pad.say((120, 20), "looks this way", accent=False)
    if kind == "toilet.clear_left":
        pad.tape((119, 52), (31, 52), "left")
    else:
        pad.mark((196, 42), (196, 80))
        pad.tape((121, 52), (195, 52), "right")


def _bath(pad: Pad) -> None:
    pad.floor()
    pad.line((44, 60), (44, 163), weight=2.4)
    pad.line((196, 60), (196, 163), weight=2.4)
    pad.curve((64, 60), ((66, 96), (68, 140), (88, 140)))
    pad.line((88, 140), (152, 140))
    pad.curve((152, 140), ((172, 140), (174, 96), (176, 60)))
    pad.line((38, 59), (64, 59), weight=5)
    pad.line((176, 59), (202, 59), weight=5)


def bath_section(pad: Pad, kind: str) -> None:
    """A bath cut across: rims, panels, inside."""
    _bath(pad)
    if kind == "bath.rim_height":
        pad.mark((204, 57), (228, 57))
        pad.tape((221, 163), (221, 58))
    elif kind == "bath.inside_width":
        pad.mark((120, 58), (120, 77))
        pad.mark((66, 58), (174, 58))
        pad.tape((66, 79), (174, 79), "50 mm down", below=True)
    else:
        pad.trace((65, 66), (67, 100), (72, 128), (88, 140), (152, 140))
        pad.say((120, 112), "tap it")


def bath_length(pad: Pad, kind: str) -> None:
    """A bath cut along; the tape along the flat of the bottom, from the tap end to where the slope begins."""
    pad.floor()
    pad.line((16, 60), (34, 60), weight=5)
    pad.line((206, 60), (226, 60), weight=5)
    pad.line((20, 62), (20, 163))
    pad.line((222, 62), (222, 163))
    pad.curve((34, 60), ((36, 100), (36, 138), (50, 138)))
    pad.line((50, 138), (150, 138))
    pad.curve((150, 138), ((182, 138), (196, 96), (206, 60)))
    pad.line((24, 58), (24, 42), (38, 42), (38, 48), weight=3)
    pad.mark((44, 112), (44, 140))
    pad.mark((154, 112), (154, 140))
    pad.tape((45, 118), (153, 118), "flat part")


def bath_rim(pad: Pad, kind: str) -> None:
    """The rim of a bath, cut across and large: its flat top."""
    pad.curve((52, 176), ((56, 120), (56, 84), (74, 74)))
    pad.line((74, 74), (166, 74), weight=3)
    pad.curve((166, 74), ((180, 74), (184, 80), (184, 94)))
    pad.line((184, 94), (184, 104), (172, 104))
    pad.line((172, 84), (172, 176), weight=2.4)
    pad.say((28, 130), "inside", accent=False)
    if kind == "bath.rim_flat":
        pad.box(40, 58, 164, 13, 2)
        pad.trace((76, 74), (164, 74))
        pad.say((120, 42), "a straight edge shows no gap")
    else:
        pad.mark((76, 46), (76, 74))
        pad.mark((164, 46), (164, 74))
        pad.tape((77, 52), (163, 52), "flat top")


def shower(pad: Pad, kind: str) -> None:
    """A shower tray cut across; the tape from the floor to the top of the edge that is stepped over."""
    pad.ground((8, 164), (92, 164))
    pad.ground((226, 164), (226, 12))
    pad.line((92, 163), (92, 124), (106, 124), (106, 146), (222, 150), (222, 163), (92, 163))
    pad.line((224, 30), (196, 30), (196, 38), weight=3)
    for left in (186, 196, 206):
        pad.line((left, 46), (left - 3, 66), weight=1.2, quiet=True, dashed=True)
    pad.mark((92, 123), (56, 123))
    pad.tape((64, 163), (64, 124))


def shower_plan(pad: Pad, kind: str) -> None:
    """A shower from above: walls behind and at the side, open in front."""
    pad.ground((196, 18), (44, 18))
    pad.ground((44, 18), (44, 158))
    pad.box(47, 21, 146, 132, 4)
    pad.box(53, 27, 134, 120, 4, weight=1.2, quiet=True)
    pad.ring((120, 60), 6, weight=1.5, quiet=True)
    pad.say((120, 168), "the way in", accent=False)
    if kind == "shower.width":
        pad.tape((54, 100), (186, 100), "width")
    else:
        pad.tape((120, 146), (120, 28), "depth")


def worktop(pad: Pad, kind: str) -> None:
    """A kitchen worktop from its end; the tape from the floor to its top."""
    pad.floor(right=214)
    pad.ground((214, 164), (214, 12))
    pad.box(100, 66, 112, 10, 2)
    pad.box(112, 76, 98, 74, 2)
    pad.line((124, 150), (124, 163))
    pad.line((112, 100), (206, 100), weight=1.2, quiet=True)
    pad.line((122, 88), (134, 88), weight=2)
    pad.line((122, 112), (134, 112), weight=2)
    pad.box(150, 48, 30, 18, 5, weight=1.4, quiet=True)
    pad.mark((100, 66), (58, 66))
    pad.tape((66, 163), (66, 67))
