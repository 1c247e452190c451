"""What `build.spec` leaves out of the frozen program, nothing that it runs may need."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

SPEC = Path(__file__).parents[2] / "build.spec"

SCRIPT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
for name in sys.argv[2:]:
    sys.modules[name] = None  # importing it fails, as it does where it was left out
from ui.demo.council import DemonstrationCouncil
import sync.server.main, sync.server.serving, ui.app, ui.main, ui.self_test
council = DemonstrationCouncil(Path(sys.argv[1]))
account, told = council.found(datetime.now(UTC))
print(len(told.cases))
"""


def left_out() -> list[str]:
    """Return the modules that the spec leaves out."""
    (names,) = (
        [ast.literal_eval(one) for one in node.value.elts]
        for node in ast.parse(SPEC.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "UNUSED"
        and isinstance(node.value, ast.List)
    )
    return names


def test_the_council_of_the_demonstration_needs_nothing_that_is_left_out(tmp_path: Path) -> None:
    names = left_out()
    assert {"psycopg", "alembic", "prometheus_client"} <= set(names)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path), *names], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 10
