"""Each test of a fault is shown to fail: its mutation is listed, fits the code, and is made at night."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.faults.mutating import PAGE, ROOT, Copy, Mutation, copied, marked_tests, mutated, mutations, page

ROWS = range(1, 23)


def test_every_row_of_the_faults_has_a_test() -> None:
    assert {row for marked in marked_tests() for row in marked.rows} == set(ROWS)


@pytest.mark.nightly
def test_every_test_of_a_fault_has_a_mutation_and_every_mutation_names_tests_that_are_there() -> None:
    listed = {test for mutation in mutations() for test in mutation.tests}
    there = {marked.test for marked in marked_tests()}
    assert there - listed == set(), "make one, see it fail, and add it to tests/faults/mutations.toml"
    assert listed - there == set(), "these are gone, or are no tests of a fault any more"


@pytest.mark.nightly
@pytest.mark.parametrize("mutation", mutations(), ids=[one.name for one in mutations()])
def test_the_mutation_still_fits_the_code(mutation: Mutation) -> None:
    text = (ROOT / mutation.file).read_text(encoding="utf-8")
    changed = mutated(mutation, text)
    assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(text)), "it is Python, and another program"


@pytest.mark.nightly
def test_the_page_is_written_from_the_list() -> None:
    told = "write it again: python -m tests.faults.mutating --page"
    assert PAGE.read_text(encoding="utf-8") == page(), told


@pytest.fixture(scope="module")
def tree() -> Iterator[Copy]:
    with copied() as copy:
        yield copy


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_without_a_mutation_all_of_them_pass(tree: Copy) -> None:
    """Else a failure with one would prove nothing."""
    everyday = {marked.test for marked in marked_tests() if not marked.nightly}
    failed, passed, said = tree.failed(sorted(everyday))
    assert (failed, everyday - passed) == (set(), set()), said[-4000:]


@pytest.mark.nightly
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("mutation", mutations(), ids=[one.name for one in mutations()])
def test_under_its_mutation_each_test_fails(tree: Copy, mutation: Mutation) -> None:
    with tree.with_(mutation):
        failed, _, said = tree.failed(mutation.tests)
    assert set(mutation.tests) - failed == set(), said[-4000:]
