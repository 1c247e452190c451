"""What may be a passphrase, and the bytes it stands for."""

from __future__ import annotations

import unicodedata

from ascdesk.vault.errors import WeakPassphrase, WrongPassphrase

DEMONSTRATION_PASSPHRASE = "demonstration"  # noqa: S105 - known to everybody: it protects invented people only
MINIMUM_CHARACTERS = 12
MINIMUM_WORDS = 4
MINIMUM_DIFFERENT = 5
LONGEST = 1024


def normalised(passphrase: str) -> bytes:
    """Give the bytes of a passphrase in Unicode's NFKC form, so that every keyboard types the same one.

    Raises `WrongPassphrase` when it is longer than any passphrase can be or is not text at all.
    """
    if len(passphrase) > LONGEST:
        raise WrongPassphrase(
            f"A passphrase has at most {LONGEST} characters. Type it again rather than pasting."
        )
    try:
        return unicodedata.normalize("NFKC", passphrase).encode("utf-8")
    except UnicodeEncodeError as error:
        raise WrongPassphrase("That passphrase has a character that is not text. Type it again.") from error


def require_strong(passphrase: str, *, demonstration: bool) -> None:
    """Raise `WeakPassphrase` unless a new passphrase is long enough to stand alone against guessing.

    Twelve characters or four words, as the National Cyber Security Centre's advice of several random words;
    the known passphrase of a demonstration profile is let through.
    """
    text = normalised(passphrase).decode("utf-8")
    if text.casefold() == DEMONSTRATION_PASSPHRASE:
        if demonstration:
            return
        raise WeakPassphrase("Everybody knows the passphrase of the demonstration. Choose one of your own.")
    if len(text.strip()) < MINIMUM_CHARACTERS and len(text.split()) < MINIMUM_WORDS:
        raise WeakPassphrase(
            f"Choose a longer passphrase: at least {MINIMUM_CHARACTERS} characters, or four words "
            f"that you can "
            "remember together."
        )
    if len(set(text.casefold()) - {" "}) < MINIMUM_DIFFERENT:
        raise WeakPassphrase(
            "Choose a passphrase with more different letters; four words are easy to remember."
        )
