"""Who runs in the book's race from this repository: ours, the same algorithm in C, the documented book."""

import shutil
from pathlib import Path

from book_day import Records
from book_documented import DocumentedBook
from book_floor import Floor
from book_race import Run, ours, pace

FILLED, READ = (
    45_000,
    5_000,
)  # records for what is slow: the first fill the book, the touch is read after the last

OURS, OURS_TEN = "lakeflow touch", "lakeflow ten"
C_TOUCH, C_TEN = "C touch", "C ten"
SHORT, SHORT_TEN = "lakeflow, the peers' records touch", "lakeflow, the peers' records ten"


def home_runners(records: Records, part: Records) -> dict[str, Run]:
    """Ours, on all records and on the peers' part of them, and the documented book."""
    few = records[: FILLED + READ]

    def documented_touch() -> float:
        book, last = DocumentedBook(), few[-READ:]
        book.follow(few[:-READ])
        taken: float = pace(lambda: book.replay(last), len(last))
        return taken

    return {
        OURS: lambda: pace(lambda: ours(records, 0), len(records)),
        OURS_TEN: lambda: pace(lambda: ours(records, 10), len(records)),
        SHORT: lambda: pace(lambda: ours(part, 0), len(part)),
        SHORT_TEN: lambda: pace(lambda: ours(part, 10), len(part)),
        "documented bare": lambda: pace(lambda: DocumentedBook().follow(few), len(few)),
        "documented touch": documented_touch,
    }


def c_runners(records: Records, folder: Path) -> tuple[dict[str, Run], dict[str, str]]:
    """The book in C; where there is no compiler, nobody, and why."""
    if shutil.which("cc") is None:
        return {}, {"C": "there is no cc on PATH"}
    floor = Floor(folder)
    for levels in (0, 10):
        assert ours(records, levels) == floor(records, levels), "ours and the one in C tell different rows"
    runners: dict[str, Run] = {
        C_TOUCH: lambda: pace(lambda: floor(records, 0), len(records)),
        C_TEN: lambda: pace(lambda: floor(records, 10), len(records)),
    }
    return runners, {}
