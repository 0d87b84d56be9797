"""From when a token's book is not known until it is, and how many changes came meanwhile: they change nothing, and are counted."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from lakeflow.vendors.polymarket import coverage
from lakeflow.vendors.polymarket.belonging import Belonging
from lakeflow.vendors.polymarket.changes import TIME

WHY = {"NOT_BEGUN": coverage.NO_SNAPSHOT, "CROSSED": coverage.DESYNC, "FORGOTTEN": coverage.NO_SNAPSHOT}
REASON = pl.col("verify_status").replace_strict(WHY, default=None, return_dtype=pl.String)
IN_DOUBT = pl.col("reason").is_not_null()


AFTER_TRADE = timedelta(
    seconds=2
)  # a book is sent with each trade, and shows what it took before any change says so


class Traded:
    """When something was traded in the market of each token, which explains a book that no change had announced."""

    def __init__(self, trades: Sequence[pl.DataFrame], belonging: Belonging) -> None:
        every = pl.concat(trades) if trades else pl.DataFrame(schema={"token_id": pl.String, "ts_recv": TIME})
        self._pairs = {name: token.pair for name, token in belonging.tokens.items()}
        known = every.filter(pl.col("token_id").is_in(list(self._pairs)))
        self._trades = self._paired(known).select("pair", "ts_recv", is_traded=True).sort("ts_recv")

    def _paired(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.with_columns(pair=pl.col("token_id").replace_strict(self._pairs, return_dtype=pl.Int64))

    def explain(self, states: pl.DataFrame) -> pl.DataFrame:
        """States whose book differs from what was replayed without any trade near it that could be why."""
        odd = states.with_row_index("at").filter(~pl.col("replay_ok"), pl.col("lost") == 0).sort("ts_recv")
        if odd.is_empty():
            return states
        near = self._paired(odd).join_asof(
            self._trades,
            on="ts_recv",
            by="pair",
            strategy="nearest",
            tolerance=AFTER_TRADE,
            check_sortedness=False,
        )
        why = near.filter("is_traded")["at"].cast(pl.Int64)
        return states.with_columns(states["replay_ok"].scatter(why, None))


class Doubts:
    """The gaps of each token: no snapshot yet, crossed and waiting for the next one, or replaced by one that contradicts it."""

    def __init__(self) -> None:
        self._gaps = 0
        self._last: pl.DataFrame | None = None  # the last state, in case that the next is of the same token
        self._begun: list[pl.DataFrame] = []
        self._ended: list[pl.DataFrame] = []
        self._cost: list[pl.DataFrame] = []
        self._denied: list[pl.DataFrame] = []

    def add(self, rows: pl.DataFrame) -> None:
        """Take states of books by token and time, and after those of an instant how many of its changes were `lost`."""
        denied = rows.filter(pl.col("lost") == 0, ~pl.col("replay_ok"))
        self._denied.append(denied.select("token_id", ts_start="ts_recv", ts_end="ts_recv"))
        told = rows.filter(pl.col("lost") == 0).select("token_id", "ts_recv", reason=REASON)
        states = told if self._last is None else pl.concat([self._last, told])
        was = pl.col("reason").shift(1).is_not_null() & (pl.col("token_id") == pl.col("token_id").shift(1))
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
        """All gaps of a day that were longer than nothing or cost a change, and each book that contradicts the one before."""
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
        own = (
            found.with_columns(
                pl.col("ts_end").fill_null(next_day).cast(TIME),
                pl.col("ignored").fill_null(0),
                ts_known="ts_start",
            )
            .filter((pl.col("ts_end") > pl.col("ts_start")) | (pl.col("ignored") > 0))
            .select(pl.col(name).cast(dtype) for name, dtype in coverage.GAPS.items())
        )
        return with_denied(own, pl.concat(self._denied))


def with_denied(own: pl.DataFrame, denied: pl.DataFrame) -> pl.DataFrame:
    """Gaps, and of each book that contradicts the one before a gap without a length, where it does not begin one itself."""
    told = denied.with_columns(reason=pl.lit(coverage.DESYNC), ignored=0, ts_known="ts_start").select(
        pl.col(name).cast(dtype) for name, dtype in coverage.GAPS.items()
    )
    longest_first = pl.concat([own, told]).sort("ts_end", descending=True)
    return longest_first.unique(["token_id", "ts_start", "reason"], keep="first")
