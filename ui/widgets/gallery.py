"""Every widget in every state as pictures: ``python -m ui.widgets.gallery --out DIR``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from ui.theme.appearance import Appearance
from ui.widgets import scenes

LOOKS = (("light", 100), ("dark", 100), ("high-contrast", 100), ("light", 200), ("dark", 200))
SCREEN = QSize(1280, 800)


def main(arguments: list[str] | None = None) -> int:
    """Render the scenes into the folder given; return the exit status."""
    reader = argparse.ArgumentParser(description="Render every widget in every state.")
    reader.add_argument("--out", type=Path, required=True)
    reader.add_argument("--only", default="", help="the name of one scene")
    asked = reader.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    asked.out.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    look = Appearance(app)
    for name, build in scenes.SCENES.items():
        if asked.only in ("", name):
            for theme, zoom in LOOKS:
                look.use(theme, zoom)
                render(build, asked.out / f"{name}-{theme}-{zoom}.png")
    return 0


def render(build: Callable[[], QWidget], path: Path) -> None:
    """Build a scene at the size of a laptop's screen and save its picture; tall scenes are saved whole."""
    window = build()
    tall = window.property("tall")
    window.resize(SCREEN)
    window.show()
    if tall:
        layout = window.layout()
        settle()
        needed = layout.heightForWidth(SCREEN.width()) if layout is not None else 0
        window.resize(SCREEN.width(), max(SCREEN.height(), needed))
    window.activateWindow()
    focus = window.findChild(QWidget, "focus")
    if focus is not None:
        focus.setFocus()
    settle()
    window.grab().save(str(path))
    window.close()
    window.deleteLater()


def settle() -> None:
    """Deliver what layouts have asked for, so that the picture is the one a person would see."""
    loop = QEventLoop()
    QTimer.singleShot(60, loop.quit)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main())
