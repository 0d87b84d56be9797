"""From when a token's book is not known until it is, and how many changes came meanwhile: they change nothing, and are counted."""

from datetime import date

import polars as pl

from lakeflow.vendors.polymarket import coverage

WHY = {"NOT_BEGUN": coverage.NO_SNAPSHOT, "CROSSED": coverage.DESYNC, "FORGOTTEN": coverage.NO_SNAPSHOT}
REASON = pl.col("verify_status").replace_strict(WHY, default=None, return_dtype=pl.String)
IN_DOUBT = pl.col("reason").is_not_null()


class Doubts:
    """The gaps of each token: no snapshot yet, or crossed and waiting for the next one."""

    def __init__(self) -> None:
        self._gaps = 0
        self._last: pl.DataFrame | None = None  # the last state, in case that the next is of the same token
        self._begun: list[pl.DataFrame] = []
        self._ended: list[pl.DataFrame] = []
        self._cost: list[pl.DataFrame] = []

    def add(self, rows: pl.DataFrame) -> None:
        """Take states of books by token and time, and after those of an instant how many of its changes were `lost`."""
        told = rows.filter(pl.col("lost") == 0).select("token_id", "ts_recv", reason=REASON)
        states = told if self._last is None else pl.concat([self._last, told])
        was = pl.col("reason").shift(1).over("token_id").is_not_null().fill_null(value=False)
        turns = states.with_columns(begins=IN_DOUBT & ~was, ends=~IN_DOUBT & was).slice(
            states.height - told.height
        )
        numbered = turns.with_columns(gap=pl.col("begins").cum_sum().cast(pl.Int64) + self._gaps)
        self._begun.append(
            numbered.filter("begins").select("gap", "token_id", "reason", ts_start=pl.col("ts_recv"))
        )
        self._ended.append(numbered.filter("ends").select("gap", ts_end=pl.col("ts_recv")))
        self._count(rows, numbered)
        self._gaps += self._begun[-1].height
        self._last = states.tail(1)

    def _count(self, rows: pl.DataFrame, numbered: pl.DataFrame) -> None:
        lost = rows["lost"]
        if not lost.sum():
            return
        begins = pl.Series([0]).new_from_index(0, rows.height).scatter(
            (lost == 0).arg_true(), numbered["begins"].cast(pl.Int64)
        )  # fmt: skip
        gap = (begins.cum_sum() + self._gaps).alias("gap")
        cost = rows.select(gap, "lost").filter(pl.col("lost") > 0)
        self._cost.append(cost.group_by("gap").agg(ignored=pl.col("lost").sum().cast(pl.Int64)))

    def gaps(self, dt: date) -> pl.DataFrame:
        """All gaps of a day that were longer than nothing or cost a change."""
        midnight = pl.lit(dt).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC")
        next_day = midnight + pl.duration(days=1, time_unit="ns")
        if not self._begun:
            return pl.DataFrame(schema=coverage.GAPS)
        shape = {"gap": pl.Int64, "ignored": pl.Int64}
        cost = (
            pl.concat([pl.DataFrame(schema=shape), *self._cost]).group_by("gap").agg(pl.col("ignored").sum())
        )
        found = (
            pl.concat(self._begun)
            .join(pl.concat(self._ended), on="gap", how="left")
            .join(cost, on="gap", how="left")
        )
        return (
            found.with_columns(pl.col("ts_end").fill_null(next_day).cast(coverage.TIME), pl.col("ignored").fill_null(0))
            .filter((pl.col("ts_end") > pl.col("ts_start")) | (pl.col("ignored") > 0))
            .select(pl.col(name).cast(dtype) for name, dtype in coverage.GAPS.items())
        )  # fmt: skip
