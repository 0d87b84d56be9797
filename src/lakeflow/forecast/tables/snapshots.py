"""What markets said at their cutoffs, with nothing in it that was not public by then; a snapshot has no label column."""

from datetime import date
from typing import Any, NamedTuple

import polars as pl

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.attrition import (
    LOST,
    TAKEN,
    because,
    counted,
    ended_now,
    endless,
    is_noon,
    not_askable,
    not_counted,
)
from lakeflow.forecast.tables.books import seconds
from lakeflow.forecast.tables.evidence import WHOLE
from lakeflow.forecast.tables.group_ends import group_ends
from lakeflow.forecast.tables.members import normalised
from lakeflow.forecast.tables.quotes import Sources, priced
from lakeflow.forecast.tables.volumes import SPAN, Told, volumes

LIQUIDITY = ((20_000, "HIGH"), (2_000, "MID"), (250, "LOW"))  # dollars within two cents, as of the cutoff
DAY = pl.duration(days=1, time_unit="ns")
TIME = pl.Datetime("ns", "UTC")
SHAPE: dict[str, Any] = {
    "condition_id": pl.String(), "anchor": pl.String(), "horizon_s": pl.Int64(), "ts_cutoff": TIME, "p": pl.Int64(), "p_kind": pl.String(),
    "ts_quote": TIME, "quote_age_s": pl.Int64(), "bid": pl.Int64(), "ask": pl.Int64(), "spread": pl.Int64(), "last_price": pl.Int64(),
    "near_2c": pl.Int64(), "volume_24h": pl.Int64(), "open_interest": pl.Int64(), "logit_volatility_24h": pl.Float64(), "tte_s": pl.Int64(),
    "group_sum": pl.Int64(), "p_norm": pl.Int64(), "liquidity_bucket": pl.String(), "category": pl.String(), "cluster_id": pl.String(),
    "group_id": pl.String(), "rescheduled": pl.Boolean(), "excluded": pl.Boolean(), "exclude_reason": pl.String(), "ts_inputs_known": TIME,
}  # fmt: skip


class Day(NamedTuple):
    """What a day's snapshots are made from."""

    markets: pl.DataFrame  # versions that held during the day
    evidence: pl.DataFrame
    open_interest: pl.DataFrame
    told: Told  # of trades
    marks: pl.DataFrame
    taken: pl.DataFrame | None  # cutoffs of earlier days
    as_of: str = ""


def snapshots(day: Day, sources: Sources, dt: date) -> dict[str, pl.DataFrame]:
    """The snapshots of a day, which cutoffs have been taken by its end, and how many were not to be had, by reason."""
    asked = asked_of(day, dt)
    over = cutoffs.ended_by(asked, day.evidence, day.markets)
    before = asked.select(TAKEN).clear() if day.taken is None else day.taken.select(TAKEN)
    ended = ended_now(asked.filter(over), day.markets, before)
    closed_to_all = asked.filter(~over, not_askable().is_not_null())
    still = asked.filter(~over, not_askable().is_null())
    begun, open_ones = still.filter(cutoffs.in_play()), still.filter(~cutoffs.in_play())
    noons, others = open_ones.filter(is_noon()), open_ones.filter(~is_noon())
    unasked = others.join(before, on=TAKEN[:3], how="anti").sort("ts_cutoff")
    first = unasked.unique(TAKEN[:3], keep="first", maintain_order=True)
    made = measured(pl.concat([noons, first]), day, sources)
    new = [made.filter(~is_noon()).select(TAKEN), ended.filter(is_noon()).select(TAKEN)]
    lost = [
        cutoffs.opened_after(day.markets, dt).select(LOST),
        because(ended, cutoffs.RESOLVED_BEFORE),
        because(closed_to_all, not_askable()),
        because(begun, cutoffs.IN_PLAY),
        endless(ended),
    ]
    taken = pl.concat([before, made.select(TAKEN)])
    return {
        "snapshots": made.select(shaped()).sort("condition_id", "anchor", "horizon_s", "ts_cutoff"),
        "taken": pl.concat([before, *new]).sort(TAKEN),
        "attrition": counted(not_counted(pl.concat(lost), taken), made),
    }


def shaped() -> list[pl.Expr]:
    """The columns of a snapshot, in order, each of its type."""
    return [pl.col(name).cast(dtype) for name, dtype in SHAPE.items()]


def asked_of(day: Day, dt: date) -> pl.DataFrame:
    """The cutoffs of a day, with the tokens of both outcomes."""
    own = cutoffs.held(cutoffs.reached(cutoffs.cutoffs(day.markets, dt), day.as_of))
    whole = cutoffs.reached(group_ends(day.markets, dt), day.as_of)
    rows = pl.concat([own, whole.select(own.columns)])
    return rows.with_columns(
        token_id=pl.col("token_ids").list.first(), other_token_id=pl.col("token_ids").list.last()
    )


def measured(asked: pl.DataFrame, day: Day, sources: Sources) -> pl.DataFrame:
    """Each cutoff with its price, activity, group and liquidity."""
    rows = priced(asked, sources)
    rows = rows.join(traded(rows, day.told), on=TAKEN, how="left").join(
        volatility(rows, day.marks), on=TAKEN, how="left"
    )
    rows = normalised(interest(rows, day.open_interest), day.markets, day.evidence, sources)
    return rows.with_columns(
        spread=pl.col("ask") - pl.col("bid"),
        quote_age_s=seconds(pl.col("ts_cutoff") - pl.col("ts_quote")),
        tte_s=seconds(pl.col("ts_scheduled_end") - pl.col("ts_cutoff")),
        liquidity_bucket=bucket(pl.col("near_2c")),
        excluded=pl.col("p").is_null(),
        exclude_reason=pl.col("no_price"),
        ts_inputs_known=pl.max_horizontal("ts_valid_from", "ts_quote_known", "ts_interest", "ts_members"),
    )


def traded(rows: pl.DataFrame, said: Told) -> pl.DataFrame:
    """Dollars traded of a market in the day before each cutoff; null where nobody told anything of it."""
    spans = rows.select(*TAKEN, since=pl.col("ts_cutoff") - DAY, until="ts_cutoff")
    return spans.join(volumes(spans, said), on=SPAN, how="left").select(*TAKEN, volume_24h="volume")


def volatility(rows: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
    """Standard deviation of hourly changes of log-odds over the day before each cutoff, of marks that follow one another."""
    p = (pl.col("p") / WHOLE).clip(1e-6, 1 - 1e-6)
    odds = marks.sort("condition_id", "ts_mark").with_columns(logit=(p / (1 - p)).log())
    next_hour = pl.col("ts_mark").diff().over("condition_id") == pl.duration(hours=1, time_unit="ns")
    steps = odds.with_columns(step=pl.when(next_hour).then(pl.col("logit").diff().over("condition_id")))
    asked = rows.select(*TAKEN).join(
        steps.select("condition_id", "ts_mark", "step"), on="condition_id", how="inner"
    )
    inside = (pl.col("ts_mark") > pl.col("ts_cutoff") - DAY) & (pl.col("ts_mark") <= pl.col("ts_cutoff"))
    return (
        asked.filter(inside)
        .sort(*TAKEN, "ts_mark")
        .group_by(TAKEN, maintain_order=True)
        .agg(logit_volatility_24h=pl.col("step").std())
    )


def interest(rows: pl.DataFrame, open_interest: pl.DataFrame) -> pl.DataFrame:
    """The open interest that was known at each cutoff, no older than a day."""
    known = open_interest.sort("ts_observed").select(
        "condition_id", "open_interest", ts_interest="ts_observed"
    )
    return rows.sort("ts_cutoff").join_asof(
        known, left_on="ts_cutoff", right_on="ts_interest", by="condition_id", strategy="backward", check_sortedness=False,
        tolerance="1d", coalesce=False,
    )  # fmt: skip


def bucket(dollars: pl.Expr) -> pl.Expr:
    """How much one could trade near the price; where nobody knows, such as at a point of history, that is not little."""
    names = (pl.when(dollars >= least * WHOLE).then(pl.lit(name)) for least, name in LIQUIDITY)
    return pl.coalesce(*names, pl.when(dollars.is_null()).then(pl.lit("UNKNOWN")), pl.lit("THIN"))
