"""How an audit ended for one step: the rows that break it, none when it holds."""

from typing import NamedTuple


class Finding(NamedTuple):
    """One check of one step; `at`, `expected` and `found` tell of the first of the `rows` that break it."""

    check: str
    dataset: str
    symbol: str
    dt: str
    rows: int = 0
    at: str = ""
    expected: str = ""
    found: str = ""

    @property
    def words(self) -> str:
        """What is wrong, in one line."""
        rows = "1 row" if self.rows == 1 else f"{self.rows} rows"
        place = f"first at {self.at}: " if self.at else ""
        return f"{rows}, {place}expected {self.expected}, found {self.found}"
