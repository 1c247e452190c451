"""Write docs/third-party.md: every runtime dependency and font with its licence.

Reads the packages' own metadata from the environment it runs in; packages that another system alone
installs are named here. Stops when a licence is missing, so that nothing is shipped unexamined.
"""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "third-party.md"

# Installed on other systems or older Pythons only, so their metadata cannot be read here.
ELSEWHERE = {
    "backports-tarfile": "MIT",
    "importlib-metadata": "Apache-2.0",
    "jeepney": "MIT",
    "lazy-importer": "Apache-2.0",
    "pywin32-ctypes": "BSD-3-Clause",
    "secretstorage": "BSD-3-Clause",
    "tzdata": "Apache-2.0",
    "zipp": "MIT",
}
# Metadata that says less than the licence file in the package does.
EXAMINED = {
    "httpx": "BSD-3-Clause",
    "joserfc": "BSD-3-Clause",
    "pypdfium2": "BSD-3-Clause OR Apache-2.0; its libraries' own texts come in the package",
    "python-bidi": "LGPL-3.0-or-later",
    "reportlab": "BSD-3-Clause",
    "sqlcipher3": "Zlib",
    "uharfbuzz": "Apache-2.0",
}
CLASSIFIERS = {
    "MIT License": "MIT",
    "BSD License": "BSD",
    "Apache Software License": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
}
INSIDE = (
    ("Qt 6", "PySide6-Essentials", "LGPL-3.0-only (linked dynamically; its libraries can be replaced)"),
    ("SQLCipher and SQLite", "sqlcipher3", "BSD-3-Clause; public domain"),
    ("OpenSSL", "cryptography, sqlcipher3, psycopg-binary", "Apache-2.0"),
    ("libsodium", "PyNaCl", "ISC"),
    ("libpq", "psycopg-binary", "PostgreSQL"),
    ("HarfBuzz", "uharfbuzz", "MIT-Modern-Variant (Old MIT)"),
    ("PDFium", "pypdfium2", "BSD-3-Clause and Apache-2.0"),
    ("Argon2 reference implementation", "argon2-cffi-bindings", "CC0-1.0 or Apache-2.0"),
)
# Kept in the repository as files, not installed: what, where, licence and where its text is.
CARRIED = (
    (
        "GOV.UK Frontend 6.3.0",
        "resources/web/govuk (built without the GDS Transport font, the crown and the crest)",
        "MIT (`resources/web/govuk/LICENSE.txt`)",
    ),
)
INTRODUCTION = """\
ASC Desk's own code is under the Apache License 2.0 (`LICENSE`). It uses what follows, unmodified. This page
is made from the packages' own metadata by `make licences`; it lists what is installed to run ASC Desk, on any
of its systems. Tools for working on it are in `requirements-dev.lock` and are not shipped."""


def pinned(lock: Path) -> list[tuple[str, str]]:
    """Read names and versions from a lock file."""
    return re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", lock.read_text(), re.MULTILINE)


def licence_of(name: str) -> str:
    """Find the licence that a package declares; empty when it declares none."""
    try:
        declared = metadata(name)
    except PackageNotFoundError:
        return ELSEWHERE.get(name, "")
    if name in EXAMINED:
        return EXAMINED[name]
    if "License-Expression" in declared:
        return declared["License-Expression"]
    classifiers = declared.get_all("Classifier") or []
    found = [line.rsplit(" :: ", 1)[1] for line in classifiers if line.startswith("License ::")]
    known = [CLASSIFIERS.get(each, each) for each in found if each not in {"License", "OSI Approved"}]
    written = "".join(declared.get_all("License") or []).strip().partition("\n")[0]
    return " / ".join(known) or (written if len(written) < 60 else "")


def package_lines() -> list[str]:
    """Lay out a row for each package of requirements.lock; stop on one without a licence."""
    rows = [(name, version, licence_of(name)) for name, version in pinned(ROOT / "requirements.lock")]
    unknown = [name for name, _, licence in rows if not licence]
    if unknown:
        sys.exit(
            f"No licence is declared by {', '.join(unknown)}: read its licence file and add it to EXAMINED."
        )
    return [f"| {name} | {version} | {licence} |" for name, version, licence in rows]


def font_lines() -> list[str]:
    """Lay out a row for each bundled family."""
    fonts = tomllib.loads((ROOT / "resources/fonts/fonts.toml").read_text())["font"]
    families = {each["family"]: each["licence"] for each in fonts}
    return [
        f"| {family} | {(ROOT / 'resources/fonts' / licence).read_text().splitlines()[0]} "
        f"| OFL-1.1 (`resources/fonts/{licence}`) |"
        for family, licence in families.items()
    ]


def main() -> None:
    """Write the page."""
    page = [
        "# Third-party licences",
        "",
        INTRODUCTION,
        "",
        "## Packages",
        "",
        "| package | version | licence |",
        "| --- | --- | --- |",
        *package_lines(),
        "",
        "## Libraries inside those packages",
        "",
        "| library | comes in | licence |",
        "| --- | --- | --- |",
        *(f"| {library} | {package} | {licence} |" for library, package, licence in INSIDE),
        "",
        "## Files that are kept here",
        "",
        "| what | where | licence |",
        "| --- | --- | --- |",
        *(f"| {what} | {where} | {licence} |" for what, where, licence in CARRIED),
        "",
        "## Fonts",
        "",
        "| family | copyright | licence |",
        "| --- | --- | --- |",
        *font_lines(),
    ]
    TARGET.write_text("\n".join(page) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
