"""Named mutations: a change of a line or two of the code under which a fault's test has to fail.

`mutations.toml` lists them. Each is made in a copy of the tree outside the repository, and the tests that it
names are run there: one that still passes cannot fail, and is a defect. As a program this makes all of them,
or those whose name or test has a given word in it: ``python -m tests.faults.mutating [WORD…]``; with
``--page`` it writes docs/faults.md anew.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIST = Path(__file__).with_name("mutations.toml")
PAGE = ROOT / "docs" / "faults.md"
PARTS = ("ascdesk", "sync", "ui", "resources", "tests", "docs", "pyproject.toml", "build.spec", "README.md")
_PATIENCE = 3000


@dataclass(frozen=True, slots=True)
class Mutation:
    """One mutation: ``old`` stands once in ``file`` and becomes ``new``; each of ``tests`` then fails."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A test that is marked with rows of the table of faults; ``nightly``: it is run at night alone."""

    test: str
    rows: tuple[int, ...]
    nightly: bool


def mutations() -> tuple[Mutation, ...]:
    """Return the list of mutations, in its order."""
    held = tomllib.loads(LIST.read_text(encoding="utf-8"))
    return tuple(
        Mutation(one["name"], one["file"], one["old"], one["new"], tuple(one["tests"]))
        for one in held["mutation"]
    )


def marked_tests() -> tuple[Marked, ...]:
    """Return every test that is marked with a fault, by file and name; nothing is imported."""
    found = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "mark.fault(" not in text:
            continue
        for part in ast.walk(ast.parse(text)):
            if isinstance(part, ast.FunctionDef) and (rows := _rows_of(part)):
                name = f"{path.relative_to(ROOT).as_posix()}::{part.name}"
                found.append(Marked(name, rows, _is_nightly(part)))
    return tuple(sorted(found, key=_by_test))


def _by_test(marked: Marked) -> str:
    return marked.test


def _rows_of(function: ast.FunctionDef) -> tuple[int, ...]:
    rows = [
        mark.args[0].value
        for mark in function.decorator_list
        if isinstance(mark, ast.Call)
        and isinstance(mark.func, ast.Attribute)
        and mark.func.attr == "fault"
        and isinstance(mark.args[0], ast.Constant)
    ]
    return tuple(sorted(row for row in rows if isinstance(row, int)))


def _is_nightly(function: ast.FunctionDef) -> bool:
    return any(isinstance(mark, ast.Attribute) and mark.attr == "nightly" for mark in function.decorator_list)


class Copy:
    """A copy of the tree in which one mutation at a time is made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = 0
        for part in PARTS:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__", "out"))
            elif source.exists():
                shutil.copy(source, folder / part)
        shared = ROOT.parent / "shared"
        if shared.is_dir() and not (folder.parent / "shared").exists():
            (folder.parent / "shared").symlink_to(shared)

    @contextmanager
    def with_(self, mutation: Mutation) -> Iterator[None]:
        """Make a mutation, and put the file back afterwards."""
        path = self.folder / mutation.file
        before = path.read_text(encoding="utf-8")
        try:
            self._write(path, mutated(mutation, before))
            yield
        finally:
            self._write(path, before)

    def _write(self, path: Path, text: str) -> None:
        """Write a file with a time that no other version of it had: compiled code is told apart by that."""
        path.write_text(text, encoding="utf-8")
        self._made += 1
        at = 2_000_000_000 + self._made
        os.utime(path, (at, at))

    def failed(self, tests: Sequence[str]) -> tuple[set[str], set[str], str]:
        """Run tests; return those that failed, those that passed throughout, and what was printed."""
        at_night = {marked.test for marked in marked_tests() if marked.nightly} & set(tests)
        failed, passed, said = self._run(sorted(set(tests) - at_night), "not nightly")
        for test in sorted(at_night):
            more = self._run([test], "nightly")
            failed, passed, said = failed | more[0], passed | more[1], said + more[2]
        return failed, passed, said

    def _run(self, tests: Sequence[str], which: str) -> tuple[set[str], set[str], str]:
        if not tests:
            return set(), set(), ""
        report = self.folder.parent / "report.xml"
        report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider"]
        command += ["-m", which, "--timeout=240", "--tb=line", f"--junitxml={report}"]
        surroundings = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
            "PYTHONPATH": str(self.folder),
            "HYPOTHESIS_PROFILE": "dev",
            "PYTHONPYCACHEPREFIX": str(self.folder.parent / "compiled"),
        }
        surroundings.pop("ASCDESK_TESTS_HOME", None)
        try:
            done = subprocess.run(
                [*command, *tests],
                cwd=self.folder,
                env=surroundings,
                capture_output=True,
                text=True,
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return set(), set(), "It never came to an end."
        said = f"{done.stdout}\n{done.stderr}"
        if not report.exists():
            return set(), set(), said
        return *_told(report), said


def _told(report: Path) -> tuple[set[str], set[str]]:
    """Return which tests failed, by file and name whatever their parameters, and which only passed."""
    failed: set[str] = set()
    seen: set[str] = set()
    for case in ET.parse(report).iter("testcase"):
        name = str(case.get("name")).partition("[")[0]
        where = f"{_module(str(case.get('classname')))}::{name}"
        if case.find("failure") is not None:
            failed.add(where)
        elif case.find("error") is None and case.find("skipped") is None:
            seen.add(where)
    return failed, seen - failed


def _module(dotted: str) -> str:
    """Return where a test stands, from the dotted name of its module and of its class, if it is in one."""
    parts = dotted.split(".")
    file = next((at for at, part in enumerate(parts) if part.startswith("test_")), len(parts) - 1) + 1
    return "::".join([f"{'/'.join(parts[:file])}.py", *parts[file:]])


def mutated(mutation: Mutation, text: str) -> str:
    """Return a file's text with the mutation made. Raises ValueError unless the old text is there once."""
    if text.count(mutation.old) != 1:
        raise ValueError(
            f"{mutation.name}: its old text stands {text.count(mutation.old)} times in {mutation.file}"
        )
    return text.replace(mutation.old, mutation.new)


@contextmanager
def copied() -> Iterator[Copy]:
    """Give a copy of the tree, outside the repository, for as long as it is wanted."""
    with tempfile.TemporaryDirectory(prefix="ascdesk-mutations-") as folder:
        (Path(folder) / "tree").mkdir()
        yield Copy(Path(folder) / "tree")


def page() -> str:
    """Return docs/faults.md: every row with its tests, and the mutation under which each is to fail."""
    by_test: dict[str, list[str]] = defaultdict(list)
    for mutation in mutations():
        for test in mutation.tests:
            by_test[test].append(f"{mutation.name} (`{mutation.file}`)")
    rows: dict[int, list[str]] = defaultdict(list)
    for marked in marked_tests():
        for row in marked.rows:
            rows[row].append(marked.test)
    held = tomllib.loads(LIST.read_text(encoding="utf-8"))
    lines = [_HEAD.format(seen=held["seen"], mutations=len(held["mutation"]), tests=len(marked_tests()))]
    for row, name in enumerate(held["rows"], 1):
        lines += [f"## {row}. {name}", "", "| test | fails when |", "| --- | --- |"]
        for test in rows[row]:
            path, _, function = test.partition("::")
            lines.append(f"| `{path.removeprefix('tests/')}`: `{function}` | {'; '.join(by_test[test])} |")
        lines.append("")
    return "\n".join(lines)


_HEAD = """# Faults, their tests, and what makes each test fail

The twenty-two faults that must lose nothing, each with the tests that are marked `@pytest.mark.fault(N)`. A
test that cannot fail proves nothing: beside each stands the mutation, a change of a line or two, under which
it is to fail. `tests/faults/mutations.toml` holds the {mutations} mutations for {tests} tests letter by
letter; the everyday run checks that each row has a test; `make nightly` checks that each test has a mutation
and that it still fits the code, makes each in a copy of the tree and runs its tests. {seen}

Written by `python -m tests.faults.mutating --page`; do not edit by hand.
"""


def wanted(words: Iterable[str]) -> list[Mutation]:
    """Return the mutations whose name or tests have one of these words in them; all for none."""
    chosen = list(words)
    return [
        one
        for one in mutations()
        if not chosen or any(word in part for word in chosen for part in (one.name, *one.tests))
    ]


def main(words: Sequence[str]) -> int:
    """Make mutations one after the other, and say of each what became of its tests."""
    survived = 0
    with copied() as copy:
        for mutation in wanted(words):
            if (copy.folder / mutation.file).read_text(encoding="utf-8").count(mutation.old) != 1:
                survived += 1
                sys.stdout.write(f"FITS NOT {mutation.name}\n")
                continue
            with copy.with_(mutation):
                failed, _, said = copy.failed(mutation.tests)
            left = set(mutation.tests) - failed
            survived += len(left)
            sys.stdout.write(f"{'SURVIVED' if left else 'caught  '} {mutation.name}\n")
            for test in sorted(left):
                sys.stdout.write(f"    {test}\n")
            if left:
                sys.stdout.write("".join(f"      | {line}\n" for line in said.splitlines()[-12:]))
            sys.stdout.flush()
    return 1 if survived else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--page"]:
        PAGE.write_text(page(), encoding="utf-8")
        sys.exit(0)
    sys.exit(main(sys.argv[1:]))
