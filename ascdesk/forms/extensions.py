"""Reads FHIR extensions from raw JSON of any shape, without trusting it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ascdesk.forms import urls


def extensions_of(raw: object) -> Iterator[tuple[str, str, Any]]:
    """Yield the address, the kind of value (`valueString`, …) and the value of each extension.

    One made of further extensions has the kind `extension` and itself as value.
    """
    found = raw.get("extension") if isinstance(raw, Mapping) else None
    for each in found if isinstance(found, list) else ():
        if not isinstance(each, dict) or not isinstance(each.get("url"), str):
            yield "", "", each
            continue
        key = next((key for key in each if key.startswith("value")), "extension")
        yield each["url"], key, each.get(key) if key != "extension" else each


def part_of(extension: object, name: str) -> Any:  # noqa: ANN401 JSON of any shape
    """Return the value of a named part of an extension made of further ones, or None."""
    return next((value for url, _, value in extensions_of(extension) if url == name), None)


def translations_of(raw: object) -> dict[str, str]:
    """Return the translations of a text, by language, from its `_text` or `_display`."""
    found: dict[str, str] = {}
    for url, _, value in extensions_of(raw):
        if url == urls.TRANSLATION:
            language, content = part_of(value, "lang"), part_of(value, "content")
            if isinstance(language, str) and isinstance(content, str):
                found[language] = content
    return found
