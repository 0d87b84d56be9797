"""Rows as text: an aligned table for people, CSV and JSON for programs."""

import csv
import io
import json
import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any

Row = Mapping[str, Any] | tuple[Any, ...]
WIDEST = 60  # a cell of a table on a terminal is cut here; the other formats cut nothing


def columns_of(rows: Sequence[Row]) -> list[str]:
    """Every column of these mappings or NamedTuples, in the order that they first appear in."""
    return list(dict.fromkeys(name for row in rows for name in _mapping(row)))


def as_tuples(rows: Sequence[Row], columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    return (tuple(_mapping(row).get(name) for name in columns) for row in rows)


def write_table(
    out: IO[str], columns: Sequence[str], rows: Iterable[Sequence[Any]], widest: int | None = WIDEST
) -> None:
    """An aligned table, numbers to the right; the rows are all in memory while it is made."""
    held = list(rows)
    cells = [[_cell(value, widest) for value in row] for row in held]
    widths = [max(map(_width, column)) for column in zip(columns, *cells, strict=True)]
    right = [_is_numeric(row[n] for row in held) for n in range(len(columns))]
    for line in [list(columns), ["-" * width for width in widths], *cells]:
        padded = (
            _pad(cell, width, to_right) for cell, width, to_right in zip(line, widths, right, strict=True)
        )
        print("  ".join(padded).rstrip(), file=out)


def write_csv(out: IO[str], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """RFC 4180 with a header; null is an empty field, and an empty text is a quoted one."""
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(columns)
    for row in rows:
        if "" in row:
            out.write(",".join(_csv_field(value) for value in row) + "\n")
        else:
            writer.writerow([_text(value) for value in row])


def write_json(out: IO[str], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """One object, `{"schema_version": 1, "rows": [...]}`, written as the rows come."""
    out.write('{"schema_version": 1, "rows": [')
    for number, row in enumerate(rows):
        out.write(",\n " if number else "\n ")
        out.write(to_json(dict(zip(columns, row, strict=True))))
    out.write("\n]}\n")


def write_ndjson(out: IO[str], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """One JSON object a line."""
    for row in rows:
        out.write(to_json(dict(zip(columns, row, strict=True))) + "\n")


WRITERS = {"csv": write_csv, "json": write_json, "ndjson": write_ndjson, "table": write_table}


def as_text(rows: Sequence[Row], widest: int | None = WIDEST) -> str:
    """The aligned table of a few rows; nothing for none."""
    if not rows:
        return ""
    out = io.StringIO()
    columns = columns_of(rows)
    write_table(out, columns, as_tuples(rows, columns), widest)
    return out.getvalue()


def to_json(value: Any) -> str:
    """Strict JSON: NaN and infinities, which it cannot say, are null; a decimal is text, so that no digit is lost."""
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Mapping) or hasattr(value, "_asdict"):
        return {str(key): _plain(each) for key, each in _mapping(value).items()}
    if isinstance(value, frozenset | set):
        return sorted(_plain(each) for each in value)
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else _text(value)


def _text(value: Any) -> Any:
    """What csv cannot write by itself, as text."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list | dict):
        return to_json(value)
    return value if value is None or isinstance(value, int | float | str) else str(value)


def _csv_field(value: Any) -> str:
    text = "" if value is None else str(_text(value))
    quoted = text == "" and value is not None
    return '"' + text.replace('"', '""') + '"' if quoted or any(c in text for c in ',"\r\n') else text


def _cell(value: Any, widest: int | None) -> str:
    """One line, no wider than a screen bears; null is empty."""
    text = _decimal(value) if isinstance(value, Decimal) else str("" if value is None else _text(value))
    text = "".join(c if c.isprintable() else "·" for c in text.replace("\n", " "))
    return text if widest is None or len(text) <= widest else text[: widest - 3] + "..."


def _decimal(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _is_numeric(values: Iterable[Any]) -> bool:
    present = [value for value in values if value is not None]
    return bool(present) and all(
        isinstance(v, int | float | Decimal) and not isinstance(v, bool) for v in present
    )


def _mapping(row: Any) -> Mapping[str, Any]:
    return row if isinstance(row, Mapping) else row._asdict()


def _width(cell: str) -> int:
    """Columns on a screen: East Asian letters take two, combining marks none."""
    if cell.isascii():
        return len(cell)
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in cell)
    return len(cell) + wide - sum(unicodedata.combining(letter) > 0 for letter in cell)


def _pad(cell: str, width: int, to_right: bool) -> str:
    space = " " * (width - _width(cell))
    return space + cell if to_right else cell + space
