"""From when a token's book is not known until it is, and how many changes came meanwhile: they change nothing, and are counted."""

from datetime import date

import numpy as np
import polars as pl

from lakeflow.vendors.polymarket import coverage, stepping
from lakeflow.vendors.polymarket.changes import LEVEL
from lakeflow.vendors.polymarket.compiled import Bytes

WHY = {"NOT_BEGUN": coverage.NO_SNAPSHOT, "CROSSED": coverage.DESYNC, "FORGOTTEN": coverage.NO_SNAPSHOT}


def doubts(tops: pl.DataFrame, lost: pl.DataFrame, dt: date) -> pl.DataFrame:
    """The gaps of each token: no snapshot yet, or crossed and waiting for the next one."""
    midnight = pl.lit(dt).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC")
    in_doubt = pl.col("reason").is_not_null()
    was_in_doubt = pl.col("reason").shift(1).over("token_id").is_not_null().fill_null(value=False)
    next_day = midnight + pl.duration(days=1, time_unit="ns")
    return (
        tops.with_columns(
            reason=pl.col("verify_status").replace_strict(WHY, default=None, return_dtype=pl.String)
        )
        .filter(in_doubt != was_in_doubt)
        .with_columns(ts_end=pl.col("ts_recv").shift(-1).over("token_id").fill_null(next_day))
        .filter(in_doubt)
        .select(
            "token_id",
            pl.col("ts_end").cast(coverage.TIME),
            "reason",
            ts_start=pl.col("ts_recv").cast(coverage.TIME),
        )
        .pipe(counted, lost)
        .filter((pl.col("ts_end") > pl.col("ts_start")) | (pl.col("ignored") > 0))
        .select(*coverage.GAPS)
    )


def counted(found: pl.DataFrame, lost: pl.DataFrame) -> pl.DataFrame:
    """The gaps, each with the changes that it cost."""
    gaps = found.with_row_index("gap")
    begun = gaps.sort("ts_start", maintain_order=True).select("gap", "token_id", "ts_start")
    of_gap = lost.sort("ts_recv").join_asof(
        begun,
        left_on="ts_recv",
        right_on="ts_start",
        by="token_id",
        strategy="backward",
        check_sortedness=False,
    )
    cost = of_gap.group_by("gap").agg(ignored=pl.col("changes").sum().cast(pl.Int64))
    return gaps.join(cost, on="gap", how="left", maintain_order="left").with_columns(
        pl.col("ignored").fill_null(0)
    )


def ignored(ops: pl.DataFrame, verdict: Bytes) -> pl.DataFrame:
    """How many changes of each token came, and when, while its book was not known; a message's verdict is that of its last change."""
    last = np.flatnonzero(ops["ends"].to_numpy())
    of_message = verdict[last[np.searchsorted(last, np.arange(ops.height))]]
    is_lost = (pl.col("op") == LEVEL) & pl.Series(of_message == stepping.NOT_BEGUN, dtype=pl.Boolean)
    named = ops.filter(is_lost).select("token_id", pl.col("ts_recv").cast(coverage.TIME))
    return named.group_by("token_id", "ts_recv").agg(changes=pl.len()).sort("token_id", "ts_recv")
