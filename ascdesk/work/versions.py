"""A draft and the versions of its form, in words: what a move would do or did, and what has no place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from ascdesk.errors import Unreadable
from ascdesk.forms.model import Form, Node
from ascdesk.forms.moving import How, plain_words
from ascdesk.record.projection import from_row
from ascdesk.record.record import Record
from ascdesk.record.tables import ChangeRow
from ascdesk.record.writing import Edit
from ascdesk.work import cases, moving, privacy, responses, signing
from ascdesk.work.cases import Case
from ascdesk.work.library import FormLibrary
from ascdesk.work.moving import ASIDE, Entry, Ledger, on_copies, without_place
from ascdesk.work.responses import Account, Draft, Key, Said, said_of
from ascdesk.work.telling import Asked, Part, Voice
from ascdesk.work.wording import ABSENT, answers_words, fill

DRAWER = "answers-with-no-place"
"""What the drawer is called where a page of a form has its linkId."""

DRAWER_TITLE = "Answers with no place in this form"


@dataclass(frozen=True, slots=True)
class Line:
    """One answer of a ledger in words. ``at`` is the question where it stands now; ``key`` its account."""

    key: Key
    question: str
    was: str
    becomes: str = ""
    why: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """One ledger in words: how many answers stay as they are, and every other one by how it ends."""

    before: str
    after: str
    same: int
    lines: Mapping[How, tuple[Line, ...]]


@dataclass(frozen=True, slots=True)
class Versions:
    """A draft and its form's versions: what is offered (``newest``), what was done, what is in the drawer.

    ``known`` says whether the version that the draft began with is here to be read with. ``late`` are the
    answers in the drawer whose question was taken over: they were written in the older version since.
    """

    case: Case
    draft: Draft
    title: str
    newest: str
    known: bool
    offered: Move | None
    moves: tuple[Move, ...]
    drawer: tuple[Line, ...]
    late: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Hint:
    """What a form says at its top of its versions: the newer one, if any, and how much is in the drawer."""

    newer: str = ""
    drawer: int = 0


def hint(library: FormLibrary, form: Form, draft: Draft) -> Hint:
    """Return whether a draft can move to a newer version, and how many of its answers have no place."""
    newest = library.form(draft.questionnaire).version
    open_ = draft.standing.signed is None
    return Hint(newest if open_ and newest != draft.version else "", len(without_place(form, draft)))


def read(record: Record, case: str, response: str, library: FormLibrary) -> Versions:
    """Return all of it. Raises :class:`Refusal` when the draft is not on this laptop."""
    held, draft = cases.look(record, case), responses.load(record, case, response)
    form = library.form(draft.questionnaire, draft.version)
    names = privacy.names_in(held, form, draft)
    newest = hint(library, form, draft).newer
    words = _Words(library, draft, names)
    offered = None
    if newest:
        after = library.form(draft.questionnaire, newest)
        exact = form if form.version == draft.version else None
        offered = words.move(moving.plan(draft, after, exact), after)
    kept = without_place(form, draft)
    return Versions(
        case=held,
        draft=draft,
        title=form.title,
        newest=newest,
        known=form.version == draft.version,
        offered=offered,
        moves=tuple(
            words.move(ledger, form, _wrote(record, ledger)) for ledger in moving.ledgers(record, draft)
        ),
        drawer=tuple(line for account in kept for line in words.kept(account)),
        late=frozenset(account.key for account in kept if _place(draft, form, library, account.key)),
    )


def put_in_place(record: Record, case: str, response: str, library: FormLibrary, key: Key) -> None:
    """Answer the question that took another over with what was written to the old one since; one step.

    Raises :class:`Refusal` when it is signed.
    """
    draft = responses.load(record, case, response)
    form = library.form(draft.questionnaire, draft.version)
    entry = _place(draft, form, library, key)
    if entry is None or entry.to is None:
        return
    written = next(one.said for one in draft.account(key).versions if not one.said.empty)
    held = written.held_back or (moving.held_in(draft) if entry.why == moving.HELD_BACK else None)
    said = Said(entry.becomes, written.absent, held)
    to = responses.account_row(response, entry.to)
    old = responses.account_row(response, key)
    heads = record.heads(case, [to, old])
    seen = {row: frozenset(one.id for one in heads.get((row, "value"), ())) for row in (to, old)}
    edits = [
        Edit("answer", to, "value", responses.stored_value(draft, entry.to, said), seen[to]),
        Edit("answer", old, "value", None, seen[old]),
    ]
    record.write(case, edits, name="put an answer in its new place", guard=signing.unsigned(response))


def drawer_part(library: FormLibrary, form: Form, draft: Draft, names: Mapping[str, str]) -> tuple[Part, ...]:
    """Return the drawer as the last section of what is read back and printed; nothing where it is empty.

    What an earlier version kept from the copy, or nobody knows about any more, stays off it.
    """
    words = _Words(library, draft, names)
    asked = tuple(words.asked(account) for account in without_place(form, draft))
    if not asked:
        return ()
    part = Part(DRAWER, (), DRAWER_TITLE, DRAWER_TITLE, DRAWER, "always", False, asked, ())
    return (part,)


def _place(draft: Draft, form: Form, library: FormLibrary, key: Key) -> Entry | None:
    """Return where an answer in the drawer would go now: somebody wrote it in the older version since."""
    if ASIDE in key.link_id:
        return None
    was = asked_in(library, draft, key.link_id)
    entry = moving.alone(draft, form, key, was[0] if was else None)
    return entry if entry.to is not None and entry.to != key else None


def _wrote(record: Record, ledger: Ledger) -> dict[str, Said]:
    """Return what the changes said that a ledger moved."""
    ids = {change for entry in ledger.entries for change in entry.of}
    found: dict[str, Said] = {}
    with record.reading() as session:
        for change_id in sorted(ids):
            query = select(ChangeRow.__table__).where(ChangeRow.id == change_id)
            row = session.connection().execute(query).mappings().first()
            if row is not None:
                found[change_id] = said_of(from_row(row).content)
    return found


def asked_in(library: FormLibrary, draft: Draft, link_id: str, version: str = "") -> tuple[Form, Node] | None:
    """Return the question of a linkId in the version in which it was asked, or the newest that asks it."""
    name, _, aside = link_id.partition(ASIDE)
    wanted = [aside.rstrip(ASIDE)] if aside else [version] if version else []
    for one in [*wanted, *library.versions(draft.questionnaire)]:
        try:
            form = library.form(draft.questionnaire, one)
        except Unreadable:
            return None
        if name in form.by_link and form.node(name).is_question:
            return form, form.node(name)
    return None


@dataclass(frozen=True, slots=True)
class _Words:
    """Tells the accounts of one draft in words, by the versions in which they were asked."""

    library: FormLibrary
    draft: Draft
    names: Mapping[str, str]

    def move(self, ledger: Ledger, form: Form, wrote: Mapping[str, Said] | None = None) -> Move:
        lines: dict[How, list[Line]] = {}
        for entry in ledger.entries:
            lines.setdefault(entry.how, []).append(self._line(entry, ledger.before, form, wrote))
        return Move(ledger.before, ledger.after, ledger.same, {how: tuple(one) for how, one in lines.items()})

    def _line(self, entry: Entry, before: str, form: Form, wrote: Mapping[str, Said] | None) -> Line:
        account = self.draft.account(entry.key)
        said = [version.said for version in account.versions]
        if wrote is not None:
            said = [wrote[change] for change in sorted(entry.of) if change in wrote]
        was = asked_in(self.library, self.draft, entry.key.link_id, before)
        now = form.node(entry.to.link_id) if entry.to and entry.to.link_id in form.by_link else None
        becomes = self._told(now, Said(entry.becomes)) if entry.becomes and entry.how is not How.MOVED else ""
        if wrote is not None and entry.to is not None and entry.how is not How.MOVED:
            becomes = self._told(now, self.draft.account(entry.to).said)
        question = self._question(was, entry.key)
        if now is not None and was is not None and now.text != was[1].text:
            question += f" → {fill(now.text, self.names)}"
        words = " / ".join(dict.fromkeys(self._told(was[1] if was else None, one) for one in said))
        return Line(entry.key, question, words, becomes, entry.why, entry.to.link_id if entry.to else "")

    def kept(self, account: Account) -> Iterable[Line]:
        """Yield what stands in one account of the drawer, every version of it."""
        was = asked_in(self.library, self.draft, account.key.link_id)
        for said in dict.fromkeys(version.said for version in account.versions if not version.said.empty):
            words = self._told(was[1] if was else None, said)
            yield Line(account.key, self._question(was, account.key), words)

    def asked(self, account: Account) -> Asked:
        """Return an account of the drawer as a question with its voices."""
        was = asked_in(self.library, self.draft, account.key.link_id)
        node = was[1] if was else None
        text = self._question(was, account.key)
        open_ = was is not None and on_copies(was[0], was[1].link_id)
        voices = tuple(self._voices(account, node))
        copy, working = "always" if open_ else "never", node is None or bool(node.ours.get("working"))
        return Asked(
            account.key.path, account.key.link_id, text, text, voices, "worker", copy, working, False
        )

    def _voices(self, account: Account, node: Node | None) -> Iterable[Voice]:
        said = {one.said: one for one in account.versions if one.said.answer or one.said.absent}
        for told, version in said.items():
            words, several, differ = self._answers(node, told), len(told.answer) > 1, len(said) > 1
            change = "" if differ else version.change
            yield Voice(account.key, words, told.absent or "", told.held_back, differ, change, several)

    def _question(self, was: tuple[Form, Node] | None, key: Key) -> str:
        text = fill(was[1].text, self.names) if was is not None and was[1].text else key.link_id
        said = {"person": f"in {self.names.get('name', 'their')}’s words", "carer": "a carer",
                "professional": "a professional", "record": "the record"}.get(key.source)  # fmt: skip
        return f"{text} ({said})" if said and not text.casefold().startswith("in ") else text

    def _told(self, node: Node | None, said: Said) -> str:
        words = self._answers(node, said).replace("\n", "; ")
        parts = [words, ABSENT.get(said.absent or "", ""), "Held back" if said.held_back else ""]
        return " · ".join(part for part in parts if part)

    def _answers(self, node: Node | None, said: Said) -> str:
        if node is not None:
            return answers_words(node, said.answer, self.names)
        return "\n".join(plain_words(one) for one in said.answer)
