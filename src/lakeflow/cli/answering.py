"""Answers to query and sql-init."""

import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from lakeflow.cli.opening import opened
from lakeflow.cli.options import Place
from lakeflow.cli.voice import Voice
from lakeflow.dates import EVERY_DATE, parse_dates
from lakeflow.errors import UsageError
from lakeflow.project import Project
from lakeflow.query import Limits, ask
from lakeflow.selector import words
from lakeflow.statement import Statement, read_statement
from lakeflow.steady import steadily
from lakeflow.tables import table_of
from lakeflow.views import Table, sql_init

FORMS = ("table", "csv", "json", "ndjson", "parquet")


def print_answer(
    sql: str,
    symbol: Sequence[str] | None,
    dt: str | None,
    form: str,
    out: Path | None,
    rows: int,
    place: Place,
) -> None:
    """Run one statement over the tables it names, and no other table's files."""
    if form not in FORMS:
        raise UsageError(f"--format {form}: expected one of {', '.join(sorted(FORMS))}")
    if form == "parquet" and out is None:
        raise UsageError("--format parquet: expected --out FILE, found none; Parquet is no text")
    with opened(place) as (project, voice, config):
        statement = read_statement(sql, held(project))
        given = list(tables_of(project, statement, words(symbol, "--symbol"), dt))
        for table in given:
            if table.key in statement.datasets:
                notice(project, voice, table)
        limits = Limits(config.query_memory_gb)
        with TemporaryFile("w+", encoding="utf-8", newline="") as whole:

            def answer() -> int:
                whole.seek(0)
                whole.truncate()
                with ask(statement, given, project.lake, limits) as found:
                    if form == "parquet" and out is not None:
                        return found.write_parquet(out)
                    return found.write(whole, form, rows if form == "table" and out is None else None)

            count = steadily(lambda: [file for table in given for _, file in table.files], answer)
            whole.seek(0)
            hand_over(whole, count, form, out, voice)


def tables_of(
    project: Project, statement: Statement, symbols: tuple[str, ...], dt: str | None
) -> Iterator[Table]:
    """Every table that can be asked for; of those that the statement names, with their files."""
    dates = parse_dates(dt, datetime.now(UTC).date()) if dt is not None else EVERY_DATE
    for key in held(project):
        named = key in statement.datasets
        yield table_of(project, key, symbols, dates) if named else Table(key, project.contract(key))


def hand_over(whole: IO[str], count: int, form: str, out: Path | None, voice: Voice) -> None:
    """The answer to where it was asked for, and how much of it there is."""
    if form == "parquet":
        voice.say(f"{count:,} rows written to {out}")
    elif out is not None:
        write_whole(out, whole)
    else:
        shutil.copyfileobj(whole, sys.stdout)
        if count:
            voice.say(f"{count:,} more rows are not shown; --rows shows more, --format csv all of them")


def notice(project: Project, voice: Voice, table: Table) -> None:
    """Say of a table that is asked for why it might have less than is expected."""
    if not table.files:
        voice.say(
            f"{table.key}: the lake holds no such partition, so it has no row here; lakeflow plan {table.key} says what can be made"
        )
    elif old := project.ledger.of_other_schema(table.key, table.contract.schema_digest):
        voice.say(
            f"{table.key}: {old} partitions were written under an older contract: columns that they lack are "
            "empty; lakeflow run makes them anew"
        )


def write_whole(out: Path, whole: IO[str]) -> None:
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            shutil.copyfileobj(whole, file)
    except OSError as error:
        raise UsageError(
            f"--out {out}: expected a file that can be written, found {error.strerror}"
        ) from error


def held(project: Project) -> list[str]:
    """The datasets that can be asked for."""
    return [key for key, dataset in project.catalog.datasets.items() if not dataset.is_raw]


def print_views(place: Place) -> None:
    with opened(place) as (project, voice, _):
        tables: Iterable[Table] = [table_of(project, key, (), EVERY_DATE) for key in held(project)]
        voice.print(sql_init(tables), end="")
