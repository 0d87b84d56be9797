"""The instants of an hour of the archive, in whatever type its columns come: timestamps, counts whose size says their unit, or text of either."""

from collections.abc import Mapping

import polars as pl

TIMES = ("timestamp_received", "timestamp")
TIME = pl.Datetime("ns", "UTC")
ZONE = r" ?(?:Z|UTC|[+-]00(?::?00)?)$"  # the ways to write none
WRITTEN = "%Y-%m-%dT%H:%M:%S%.f%z"


def is_time(dtype: pl.DataType) -> bool:
    """Whether a column may hold instants; of text that depends on what it says."""
    return isinstance(dtype, pl.Datetime) or dtype.is_integer() or dtype == pl.String


def time(name: str, columns: Mapping[str, pl.DataType]) -> pl.Expr:
    """An instant of the archive; of text without a zone, or that is none, null."""
    if isinstance(columns[name], pl.Datetime):
        return pl.col(name).cast(TIME)
    if columns[name] != pl.String:
        return counted(pl.col(name).cast(pl.Int64)).alias(name)
    count = pl.col(name).str.extract(r"^([0-9]{9,19})$").cast(pl.Int64)
    said = pl.col(name).str.replace(" ", "T", literal=True).str.replace(ZONE, "+0000")
    return pl.coalesce(counted(count), said.str.to_datetime(WRITTEN, time_unit="ns", strict=False)).alias(
        name
    )


def counted(count: pl.Expr) -> pl.Expr:
    """An instant of a count since 1970; all are of this century, so milliseconds have 13 digits."""
    nanos = (
        pl.when(count < 10**11)
        .then(count * 10**9)
        .when(count < 10**14)
        .then(count * 10**6)
        .when(count < 10**17)
        .then(count * 1000)
        .otherwise(count)
    )
    return nanos.cast(pl.Datetime("ns")).dt.replace_time_zone("UTC")


def no_instants(rows: pl.DataFrame) -> list[str]:
    """Text of these columns that is no instant, or says no zone: the first of each."""
    return [
        f"{name} {said[0]!r} is no instant"
        for name in rows.columns
        if rows.schema[name] == pl.String
        and (said := rows.filter(pl.col(name).is_not_null() & time(name, rows.schema).is_null())[name]).len()
    ]
