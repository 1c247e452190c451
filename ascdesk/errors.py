"""The two families of things that go wrong for people; everything else is our bug.

A *refusal* is an answer to somebody who asked for what cannot be; *machine trouble* comes from the disk, the
keyring, the clock or the network. Both carry one plain sentence that says what happened and what to do.
"""

from __future__ import annotations


class PlainError(Exception):
    """Something a person can be told in one sentence, with what to do next."""

    exit_status = 1

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Refusal(PlainError):
    """What was asked for cannot be done, for a reason that a rule or the record gives."""


class Unreadable(PlainError):
    """What was given could not be read: a file, a form, a message."""

    exit_status = 2


class MachineTrouble(PlainError):
    """The machine could not do it: disk full, file locked or damaged, keyring missing, no connection."""
