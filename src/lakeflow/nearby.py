"""The words that somebody may have meant by one that does not exist."""

import difflib
from collections.abc import Iterable

SHOWN = 20  # valid values beyond this many help nobody


def nearest(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known words most like this one, or that end in it or begin with it, likest first."""
    known = sorted(set(known))
    part = word.strip(".*+").lower()
    holding = [
        k for k in known if part and (k.lower().endswith(f".{part}") or k.lower().startswith(f"{part}."))
    ]
    alike = difflib.get_close_matches(word.lower(), [k.lower() for k in known], n=most, cutoff=0.6)
    spelled = {k.lower(): k for k in known}
    return list(dict.fromkeys([*(spelled[each] for each in alike), *holding]))[:most]


def unknown(what: str, word: str, known: Iterable[str]) -> str:
    """The sentence for a word that names nothing: what it may have been, and what there is."""
    known = sorted(set(known))
    meant = nearest(word, known)
    hint = f"; did you mean {' or '.join(meant)}?" if meant else ""
    return f"no {what} {word}{hint}{';' if not meant else ''} there is {_listed(known)}"


def _listed(known: list[str]) -> str:
    more = f" and {len(known) - SHOWN} more" if len(known) > SHOWN else ""
    return ", ".join(known[:SHOWN]) + more if known else "none"
