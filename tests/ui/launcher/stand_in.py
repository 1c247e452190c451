"""A worker whose window is a script: the real `ui.worker`, and an application that does as the mode says."""

from __future__ import annotations

import os
import signal
import sys
import threading
from functools import partial
from pathlib import Path

from ascdesk.errors import MachineTrouble
from ui.worker import LOCK, QUIT, WorkerSession, main


class StandIn:
    """Does at once what a person would do in the main window. It writes down only what is asked of it."""

    def prepare(self) -> None:
        if os.environ.get("STAND_IN") == "dies-keyless":
            os.kill(os.getpid(), signal.SIGKILL)

    def run_window(self, session: WorkerSession) -> int:
        print("a stray print", bytes(session.opened.key).hex()[:4], file=sys.stderr)
        print("another, to what was stdout")
        note = session.opened.folder.parent / "note"
        note.write_text(f"{session.mode} {dict(session.extras)} {session.place} {len(session.opened.key)}")
        session.link.place({"case": "018f-1", "page": "s10"})
        if session.mode == "refuse":
            raise MachineTrouble("The record is damaged. Ask your administrator.")
        session.link.opened()
        return self.act(session)

    def act(self, session: WorkerSession) -> int:
        match session.mode:
            case "lock":
                return LOCK
            case "quit":
                return QUIT
            case "crash":
                os.kill(os.getpid(), signal.SIGKILL)
            case "raise":
                raise RuntimeError("our bug")
            case "lock-when-told":
                (session.opened.folder.parent / "go").read_bytes()  # a named pipe: waits for a writer
                return LOCK
            case "hang-on-lock":
                threading.Thread(target=threading.Event().wait).start()
                return LOCK
            case "stay-late":
                while not session.link.launcher_gone:
                    threading.Event().wait(0.01)
                late: list[str] = []
                session.link.when_launcher_goes(partial(late.append, "told late"))
                (session.opened.folder.parent / "left").write_text("".join(late))
                return QUIT
            case "stay":
                gone = threading.Event()
                session.link.when_launcher_goes(gone.set)
                gone.wait()
                (session.opened.folder.parent / "left").write_text("in good order")
                return QUIT
            case "stay-deaf":
                threading.Event().wait()
        return QUIT


if __name__ == "__main__":
    sys.exit(main(application=StandIn))


STAND_IN = [sys.executable, str(Path(__file__))]
