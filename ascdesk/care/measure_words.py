"""Where the tape goes, in words, for every measure: read aloud, printed, and shown beside its drawing.

Practice knowledge (domain §2.7), our own wording; to be confirmed by a practising therapist.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

WHERE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "person.stature": "Floor to the top of the head, back to a wall, without shoes.",
        "person.weight": ("Chair scales or standing scales, in light clothes. A weight is worth its date."),
        "person.knee_height": (
            "Floor to the crease behind the knee, foot flat, knee at a right angle. Say which shoes."
        ),
        "person.seat_depth": "Back of the buttocks to the crease behind the knee, sitting well back.",
        "person.hip_width": (
            "The widest part across hips or thighs, sitting, with a book held at each side."
        ),
        "person.elbow_height": "Seat to the underside of the elbow, shoulder relaxed, elbow bent square.",
        "person.reach": "Back of the shoulder to the finger tips, arm straight out in front.",
        "person.rises_from": "Floor to the seat from which they rise most easily. Try two or three heights.",
        "person.heel_height": "Floor to the top of the heel, in the shoes worn indoors.",
        "person.grip": "Hand dynamometer, elbow at a right angle; the stronger hand. Say which.",
        "person.hand": "Ask, and watch.",
        "wheelchair.width": "Outside of one push rim to the outside of the other.",
        "wheelchair.length": (
            "Back of the rear wheels to the tip of the footplates, or of the toes if they reach further."
        ),
        "chair.seat_height": (
            "Floor to the top of the seat at the front edge, with somebody sitting on it or a hand "
            "pressed down."
        ),
        "chair.seat_width": "Between the insides of the arms.",
        "chair.seat_depth": "Front edge of the seat to the backrest.",
        "chair.arm_height": "Top of the seat, pressed down, to the top of the arm.",
        "bed.height": (
            "Floor to the top of the mattress at the side where they sit, with somebody sitting there."
        ),
        "bed.width": "Across the mattress.",
        "toilet.height": ("Floor to the top of the pan, seat up. Add what the seat adds only if it stays."),
        "toilet.clear_left": "Middle of the pan to the nearest thing on the left of a person sitting on it.",
        "toilet.clear_right": (
            "Middle of the pan to the nearest thing on the right of a person sitting on it."
        ),
        "bath.rim_height": "Floor to the top of the rim, on the side where they get in.",
        "bath.inside_width": (
            "Between the inside faces, 50 mm below the rim, where a board would sit. The measure most "
            "often taken wrong."
        ),
        "bath.inside_length": "Along the flat of the bottom, from the foot end to where the slope begins.",
        "bath.rim_width": (
            "Across the flat top of the rim, at each side where a board would rest; the narrower one."
        ),
        "bath.rim_flat": "A straight edge laid along the rim shows no gap, at both sides.",
        "bath.material": (
            "Tap it: acrylic is dull and gives; steel rings; cast iron is cold and rings low. A "
            "magnet holds on steel and iron."
        ),
        "shower.tray_height": "Floor to the top of the edge that is stepped over.",
        "shower.width": "Across the standing area, inside.",
        "shower.depth": "Opening to the wall behind, inside.",
        "worktop.height": "Floor to the top of the worktop, where they work.",
        "stairs.count": "Count each rise, the last one onto the landing too.",
        "stairs.rise": "Top of one step to the top of the next. Take the tallest.",
        "stairs.going": "Front edge of one step to the front edge of the next, level.",
        "stairs.width": "Between wall and banister, or wall and wall, where it is narrowest.",
        "stairs.shape": "As it is seen from above.",
        "stairs.headroom": "Front edge of a step straight up to the ceiling, where it is lowest.",
        "stairs.landing_top": (
            "Edge of the top step to the nearest wall, door or rail, the way one walks off."
        ),
        "stairs.landing_bottom": "Front of the lowest step to the nearest wall or door, walking on.",
        "stairs.socket": "Within two metres of the top or the bottom.",
        "stairs.rails": "Which side, going up; whole length or part: say so under More.",
        "outside.steps": "Count each rise, the door's own threshold too when it is stepped over.",
        "outside.rise": (
            "Ground at the foot to the floor inside the door, straight up. For one step, its own height."
        ),
        "outside.path_width": "Across the path where it is narrowest, gate posts included.",
        "outside.gradient": "A level or a telephone laid along the steepest metre. Degrees, or type 1:12.",
        "outside.length": "From the door, level, to where a ramp would have to end.",
        "door.clear_width": (
            "Face of the open door to the frame opposite, handle included if it stands in the way."
        ),
        "door.threshold": "Floor to the top of the threshold, on the higher side to climb.",
        "door.swing": "As one goes in; say under More which side the hinges are.",
        "room.turning": "The largest circle of clear floor, where they would turn.",
        "room.ceiling_height": "Floor to ceiling, where a hoist or a pole would stand.",
        "room.wall": "Knock: a drum is studs or dabs, a thud is solid. Look for pipes and cables.",
        "room.ceiling": (
            "Which way the joists run; a builder or surveyor confirms before anything hangs on it."
        ),
        "room.floor": "What equipment would stand or roll on.",
    }
)
"""The words for the tape by the measure's id."""
