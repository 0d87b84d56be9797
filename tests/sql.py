"""Answers to SQL over tables whose files are all at hand, without a project."""

from collections.abc import Sequence
from pathlib import Path

from lakeflow.query import Answer, ask
from lakeflow.statement import read_statement
from lakeflow.views import Table


def ask_text(text: str, tables: Sequence[Table], root: Path) -> Answer:
    return ask(read_statement(text, [table.key for table in tables]), tables, root)
