"""A table of the page: each value as people read it, and beside it the value itself in full."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any

import polars as pl

ENDS = ("_lo", "_hi")  # how columns are named that are an interval's


def table(rows: pl.DataFrame, columns: Mapping[str, str], name: str, otherwise: str = "None.") -> str:
    """Rows as they are; a number is shown to four digits and held in full. Where there is none, that is said."""
    if not rows.height:
        return f'<p class="dim" id="{name}">{escape(otherwise)}</p>'
    head = "".join(f"<th{kind(rows, column)}>{escape(said)}</th>" for column, said in columns.items())
    body = "".join(
        f"<tr>{''.join(cell(column, row[column], kind(rows, column)) for column in columns)}</tr>"
        for row in rows.iter_rows(named=True)
    )
    return f'<div class="wide" tabindex="0" role="region" aria-label="{name}"><table id="{name}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def kind(rows: pl.DataFrame, column: str) -> str:
    """Words stand left, numbers right; the ends of an interval stand close to what they are of."""
    if column.endswith(ENDS):
        return ' class="end"'
    return ' class="words"' if rows.schema[column] == pl.String else ""


def cell(column: str, value: Any, of: str) -> str:
    """A value for people, with the value itself beside it."""
    if value is None:
        return f'<td{of} data-column="{column}"></td>'
    shown = span(value) if column == "horizon_s" else told(value)
    return f'<td{of} data-column="{column}" data-value="{escape(repr(value) if isinstance(value, float) else str(value))}">{escape(shown)}</td>'


def told(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    return f"{value:,}" if isinstance(value, int) else str(value)


def span(seconds: int) -> str:
    """A horizon in hours or days."""
    return f"{seconds // 86_400} d" if seconds >= 86_400 else f"{seconds // 3_600} h"
