"""What a frame or a file was promised to be and is not: one complaint for each column and rule."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    """`count` rows break the rule, the first of them at `first_row`, counted from 0; both stand for rows only."""

    column: str
    rule: str
    expected: str
    found: str
    count: int | None = None
    first_row: int | None = None
    where: str = ""  # the contract's name

    def __str__(self) -> str:
        place = " ".join(word for word in (self.where, self.column) if word)
        text = f"{place}: {self.rule}: expected {self.expected}, found {self.found}"
        if self.count is None:
            return text
        rows = "1 row" if self.count == 1 else f"{self.count} rows"
        return f"{text} ({rows}, first at row {self.first_row})"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Errors refuse the file; warnings go to the ledger."""

    errors: tuple[Complaint, ...] = ()
    warnings: tuple[Complaint, ...] = ()
