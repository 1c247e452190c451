"""``ascdesk --self-test``: whether this very build works on this machine, by doing what a worker does.

For whoever packages and deploys. In a throwaway folder, with an invented person, it opens an encrypted
profile, fills in a form, makes a PDF and looks at its fonts, shows a window, and synchronises with the server
whose address it is given. It touches no worker's profile, and leaves nothing.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ascdesk.errors import PlainError, Refusal, Unreadable

if TYPE_CHECKING:
    from ascdesk.record.record import Record

PASSPHRASE = "kettle robin amber lane"  # noqa: S105 (of a profile that lives for a second)
QUESTION = "s00.preferred-name"
WORDS = "Self-test: zażółć, Ελλάδα, ਪੰਜਾਬੀ, বাংলা"


def self_test(server: str = "", account_file: Path | None = None, *, as_json: bool = False) -> int:
    """Run every step and say how it went; 0 when all is well, else 1.

    With a server's address, an account of it is read from a file or from standard input: one line of JSON
    with ``username`` and ``password``. Raises :class:`Unreadable` when that cannot be read.
    """
    account = _account(account_file) if server else None
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="ascdesk-self-test-") as folder:
        found = Run(Path(folder), server, account).all()
    if as_json:
        sys.stdout.write(json.dumps(found) + "\n")
    else:
        for name, step in found["steps"].items():
            sys.stdout.write(f"{'ok  ' if step['ok'] else 'FAIL'} {name}: {step['says']}\n")
    return 0 if found["ok"] else 1


def _account(file: Path | None) -> dict[str, str]:
    try:
        told = json.loads(file.read_text(encoding="utf-8") if file else sys.stdin.readline())
        return {"username": str(told["username"]), "password": str(told["password"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unreadable(
            "The self-test needs an account of the server: one line of JSON with username and password, in "
            "the file that --account names or on standard input."
        ) from error


@dataclass(slots=True)
class Run:
    """One run. Each step stands on the one before, so the first that fails ends it."""

    folder: Path
    server: str = ""
    account: dict[str, str] | None = None
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    _case: str = ""
    _response: str = ""

    def all(self) -> dict[str, Any]:
        """Run the steps; returns ``ok`` and ``steps``, by name ``ok`` and ``says``, one sentence."""
        from ascdesk.vault.opening import create_profile, open_profile  # noqa: PLC0415 (each when it is needed)

        steps: list[tuple[str, Callable[[Record], str]]] = [
            ("form", self._form), ("photo", self._photo), ("pdf", self._pdf), ("window", self._window),
        ]  # fmt: skip
        if self.server:
            steps.append(("sync", self._sync))
        try:
            create_profile(
                self.folder / "profile",
                PASSPHRASE,
                demonstration=True,
                council=self.server,
                device="self-test",
            ).wipe()
            opened = open_profile(self.folder / "profile", PASSPHRASE)
            with self._record(opened.record, bytes(opened.key)) as record:
                self._done("profile", self._encrypted(opened.record))
                for name, step in steps:
                    self._done(name, step(record))
        except PlainError as trouble:
            name = next((one for one, _ in [("profile", None), *steps] if one not in self.steps), "end")
            self.steps[name] = {"ok": False, "says": trouble.sentence}
        return {"ok": all(step["ok"] for step in self.steps.values()), "steps": self.steps}

    def _done(self, name: str, says: str) -> None:
        self.steps[name] = {"ok": True, "says": says}

    @contextmanager
    def _record(self, path: Path, key: bytes) -> Iterator[Record]:
        from ascdesk.record.record import Record  # noqa: PLC0415
        from ui.app import local_now  # noqa: PLC0415

        record = Record(path, key, clock=local_now, create=True)
        try:
            self._fill(record)
            yield record
        finally:
            record.close()

    def _fill(self, record: Record) -> None:
        """Take in the invented people: from the server, or those that the program carries."""
        if self.server:
            self._enrol(record)
            self._case = next(iter(record.cases()), "")
            if not self._case:
                raise Refusal("The server has no case for this account. Allocate one, then try again.")
            return
        from ascdesk.record.change import new_id  # noqa: PLC0415
        from ascdesk.work.caseload import caseload  # noqa: PLC0415
        from ui.app import local_now  # noqa: PLC0415

        record.enrol(author="self-test", device=new_id())
        told = caseload(local_now(), author="council", device=new_id(), worker="self-test")
        self._case = told.cases[0]
        changes = [change for change in told.changes if change.case == self._case]
        record.apply_page(self._case, [replace(one, version=at) for at, one in enumerate(changes, 1)])

    def _enrol(self, record: Record) -> None:
        from sync.client.enrol import Enroller, keep_enrolment  # noqa: PLC0415

        def browse(address: str) -> None:
            threading.Thread(target=self._sign_in, args=(address, enroller.cancel), daemon=True).start()

        enroller = Enroller(self.server, "Self-test", browse)
        keep_enrolment(record, enroller.run().as_json())
        self._synchronise(record)

    def _sign_in(self, address: str, give_up: Callable[[], None]) -> None:
        """Be the browser; a sign-in that is not accepted ends the waiting for it."""
        from ui.demo.council import Account, sign_in_as  # noqa: PLC0415

        assert self.account is not None
        try:
            sign_in_as(address, Account(self.account["username"], self.account["password"], ""))
        except PlainError:
            give_up()

    def _synchronise(self, record: Record) -> int:
        """Exchange with the server and return how many changes it does not hold yet."""
        from sync.client.enrol import connect  # noqa: PLC0415
        from sync.client.exchange import synchronise  # noqa: PLC0415

        outcome = synchronise(record, connect(record))
        if not outcome.finished:
            raise Refusal(outcome.trouble or "The synchronisation did not come to its end.")
        return outcome.only_here

    # -- the steps ------------------------------------------------------------------------------------------

    def _encrypted(self, path: Path) -> str:
        raw = path.read_bytes()
        if raw.startswith(b"SQLite format 3") or b"person" in raw:
            raise Refusal("The record could be read without its key. Do not use this build.")
        return "An encrypted profile was made, locked and opened."

    def _form(self, record: Record) -> str:
        from ascdesk.work import responses  # noqa: PLC0415
        from ascdesk.work.library import NEEDS_ASSESSMENT, FormLibrary  # noqa: PLC0415
        from ascdesk.work.responses import Key, Said  # noqa: PLC0415

        version = FormLibrary().form(NEEDS_ASSESSMENT).version
        names = {"assessor_name": "Self-test"}
        self._response = responses.start(record, self._case, NEEDS_ASSESSMENT, version, **names)
        draft, key = responses.load(record, self._case, self._response), Key((), QUESTION, "observed")
        said = Said(({"valueString": WORDS},))
        responses.answer(record, draft, key, said, seen=frozenset(), name="Self-test")
        again = responses.load(record, self._case, self._response).account(key)
        if again.said != said:
            raise Refusal("An answer did not come back as it was written. Do not use this build.")
        return "The needs assessment was started, and an answer came back as it was written."

    def _photo(self, _: Record) -> str:
        """Take in a photo as telephones make them: sideways, and with colours of its own."""
        from PIL import Image, ImageCms  # noqa: PLC0415

        from ascdesk.work.pictures import take_in  # noqa: PLC0415

        colours = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        turned = Image.Exif()
        turned[0x0112] = 6
        held = BytesIO()
        Image.new("RGB", (40, 20), "red").save(held, "JPEG", icc_profile=colours, exif=turned)
        made = take_in(held.getvalue(), "Self-test.jpg")
        if (made.width, made.height) != (20, 40) or b"Exif" in made.data:
            raise Refusal("A photo was not straightened and stripped. Do not use this build.")
        return "A photo was taken in, straightened, without its place."

    def _pdf(self, record: Record) -> str:
        import pypdfium2  # noqa: PLC0415

        from ascdesk.work import issuing  # noqa: PLC0415
        from ascdesk.work.copying import Asking  # noqa: PLC0415
        from ascdesk.work.council import council_lines  # noqa: PLC0415
        from ascdesk.work.library import FormLibrary  # noqa: PLC0415

        builder = issuing.Builder(record, self._case, FormLibrary(), Asking(), council_lines())
        fonts = Path(str(files("resources") / "fonts"))
        made = issuing.prepare(builder, "assessment", self._response, fonts)
        if made.missing:
            raise Refusal("A font is missing: these letters could not be printed.")
        document = pypdfium2.PdfDocument(BytesIO(made.data))
        try:
            pages = len(document)
            document[0].render(scale=1)
        finally:
            document.close()
        if b"/FontFile2" not in made.data:
            raise Refusal("The fonts are not inside the PDF. Do not use this build.")
        return f"A copy of {pages} pages was made, with its fonts inside, and drawn."

    def _window(self, _: Record) -> str:
        from PySide6.QtGui import QFontDatabase  # noqa: PLC0415
        from PySide6.QtWidgets import QApplication  # noqa: PLC0415

        from ui.theme.appearance import Appearance  # noqa: PLC0415
        from ui.widgets.page import page_head  # noqa: PLC0415

        running = QApplication.instance()
        application = running if isinstance(running, QApplication) else QApplication(["ascdesk"])
        _appearance = Appearance(application)
        if "Atkinson Hyperlegible Next" not in QFontDatabase.families():
            raise Refusal("The program's own font could not be loaded.")
        shown = page_head("Self-test", "ASC Desk", WORDS)
        shown.show()
        picture = shown.grab().toImage()
        shown.close()
        if (
            len({picture.pixel(x, y) for x in range(0, picture.width(), 3) for y in range(picture.height())})
            < 2
        ):
            raise Refusal("The window stayed empty.")
        return f"A window was drawn by Qt’s {application.platformName()} platform, in the program’s own font."

    def _sync(self, record: Record) -> str:
        if left := self._synchronise(record):
            raise Refusal(f"{left} changes did not reach the server.")
        return "What was written went to the server, and the server says that it holds it."
