"""The lock files: everything that the project names is pinned with hashes, and no registry is named."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
RUN, DEV = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def names(requirements: list[str]) -> set[str]:
    """Reduce requirements to normal names."""
    found = (re.match(r"[A-Za-z0-9._-]+", each) for each in requirements)
    return {re.sub(r"[-_.]+", "-", each.group()).lower() for each in found if each}


def pins(lock: Path) -> dict[str, str]:
    """Read a lock file's names and versions."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock.read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", [RUN, DEV], ids=["run", "dev"])
def test_a_lock_holds_names_versions_and_hashes_only(lock: Path) -> None:
    line = re.compile(r"[a-z0-9-]+==[^\s:/]+( ; [^:/]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [text for text in lock.read_text().splitlines() if not line.fullmatch(text)] == []


def test_everything_named_is_pinned() -> None:
    build = PROJECT["dependency-groups"]["build"]
    assert names([*PROJECT["project"]["dependencies"], *build]) <= pins(RUN).keys()
    assert names(PROJECT["project"]["optional-dependencies"]["dev"]) <= pins(DEV).keys()


@pytest.mark.parametrize("lock", [RUN, DEV], ids=["run", "dev"])
def test_what_is_pinned_lies_within_what_the_project_allows(lock: Path) -> None:
    allowed = [Requirement(each) for each in PROJECT["project"]["dependencies"]]
    pinned = pins(lock)
    outside = [str(each) for each in allowed if pinned[canonicalize_name(each.name)] not in each.specifier]
    assert outside == []


def test_the_tests_run_on_the_versions_that_are_shipped() -> None:
    shipped, tested = pins(RUN), pins(DEV)
    assert {name: tested.get(name) for name in shipped} == shipped
