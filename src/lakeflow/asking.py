"""SQL from Python: one SELECT over a project's tables, the answer a frame."""

from collections.abc import Mapping

import polars as pl

from lakeflow.dates import EVERY_DATE
from lakeflow.partition import Partition
from lakeflow.project import Project
from lakeflow.query import ask
from lakeflow.statement import read_statement
from lakeflow.steady import steadily
from lakeflow.tables import table_of, with_files
from lakeflow.views import Table


def answer(project: Project, sql: str, narrowed: Mapping[str, list[Partition]]) -> pl.DataFrame:
    """Only the tables that the statement names are looked up in the lake."""
    keys = [key for key, dataset in project.catalog.datasets.items() if not dataset.is_raw]
    statement = read_statement(sql, keys)
    tables = []
    for key in keys:
        if key not in statement.datasets:
            tables.append(Table(key, project.contract(key)))
        elif key in narrowed:
            tables.append(with_files(project, key, narrowed[key]))
        else:
            tables.append(table_of(project, key, (), EVERY_DATE))

    def read() -> pl.DataFrame:
        with ask(statement, tables, project.lake) as found:
            return found.frame()

    return steadily(lambda: [file for table in tables for _, file in table.files], read)
