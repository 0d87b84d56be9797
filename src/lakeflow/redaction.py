"""Command lines without their secrets, for the ledger and the logs."""

import re
from collections.abc import Sequence

NAMES = re.compile(r"--?(api-?)?(key|token|password|secret|auth)[^=]*", re.IGNORECASE)
VALUES = re.compile(r"\bdb-[A-Za-z0-9]{20,}\b")
HIDDEN = "***"


def redact(argv: Sequence[str]) -> list[str]:
    """The words with every value hidden that follows a secret's name, or looks like a vendor's key."""
    shown: list[str] = []
    hide_next = False
    for word in argv:
        name, equals, _ = word.partition("=")
        if hide_next:
            shown.append(HIDDEN)
        elif NAMES.fullmatch(name) and equals:
            shown.append(f"{name}={HIDDEN}")
        else:
            shown.append(VALUES.sub(HIDDEN, word))
        hide_next = not hide_next and not equals and bool(NAMES.fullmatch(word))
    return shown
