"""Whether the contract of a session was chosen as it must be: once, never backwards, from what was known before the open."""

from datetime import date
from typing import Any

import polars as pl

from lakeflow.audit.broken import broken, said

OVERRIDE = "override"


def is_told_once(contract_day: pl.LazyFrame, excluded: pl.LazyFrame) -> pl.LazyFrame:
    """A session has its contract, or the reason why it is left out, and never both."""
    rows = contract_day.select(chosen=pl.len()).join(excluded.select(left_out=pl.len()), how="cross")
    return broken(
        rows,
        pl.col("chosen") + pl.col("left_out") != 1,
        at=["chosen", "left_out"],
        expected="1 row in contract_day or in excluded",
        found=pl.col("chosen") + pl.col("left_out"),
    )


def never_goes_back(
    contract_day: pl.LazyFrame, before: pl.LazyFrame, left_out: pl.LazyFrame, params: dict[str, Any]
) -> pl.LazyFrame:
    """No contract is followed by one that expires earlier, unless a person says so or `forward_only` is off."""
    columns = ("selected_symbol", "expiration")
    past = pl.concat([before.select(columns), left_out.select(columns)]).drop_nulls().head(1)
    rows = contract_day.join(past.select(was="selected_symbol", ended="expiration"), how="cross")
    is_back = pl.col("expiration") < pl.col("ended")
    is_meant = pl.col("decision").cast(pl.String) == OVERRIDE
    return broken(
        rows,
        is_back & ~is_meant & pl.lit(bool(params.get("forward_only", True))),
        at=["selected_symbol"],
        expected=pl.format("no contract that expires before {} does", "was"),
        found=pl.format("{} {}", "selected_symbol", said(pl.col("expiration"))),
    )


def is_alive(contract_day: pl.LazyFrame, dt: date) -> pl.LazyFrame:
    """The contract of a session has not expired on it."""
    return broken(
        contract_day,
        pl.col("expiration") < dt,
        at=["selected_symbol"],
        expected=f"an expiration from {dt} on",
        found=pl.col("expiration"),
    )


def is_that_of_the_premarket(contract_day: pl.LazyFrame, premarket: pl.LazyFrame) -> pl.LazyFrame:
    """The contract chosen is one that was listed before the open, and its trades of the morning are those told there."""
    listed = premarket.select(
        "trades", "volume", "instrument_id", selected_symbol="raw_symbol", listed=pl.lit(value=True)
    )
    rows = contract_day.join(listed, on="selected_symbol", how="left", suffix="_listed")
    told = (pl.col("trades"), pl.col("volume"), pl.col("instrument_id_listed"))
    made = (pl.col("premarket_trades"), pl.col("premarket_volume"), pl.col("instrument_id"))
    return broken(
        rows,
        pl.any_horizontal(a.ne_missing(b) for a, b in zip(told, made, strict=True)) | pl.col("listed").is_null(),
        at=["selected_symbol"],
        expected=pl.format("{} trades, {} lots", *(said(each) for each in told[:2])),
        found=pl.format("{} trades, {} lots", *(said(each) for each in made[:2])),
    )  # fmt: skip


def is_the_volume_before(contract_day: pl.LazyFrame, volumes: pl.LazyFrame) -> pl.LazyFrame:
    """The volume that a choice stands on is what the contract traded on the trade date that it names, and before the session."""
    told = volumes.group_by("raw_symbol", "trade_date").agg(pl.col("volume").sum())
    rows = contract_day.filter(pl.col("prev_session_date").is_not_null()).join(
        told.rename({"raw_symbol": "selected_symbol", "trade_date": "prev_session_date"}),
        on=["selected_symbol", "prev_session_date"],
        how="left",
    )
    return broken(
        rows,
        pl.col("prev_volume_selected").ne_missing(pl.col("volume").fill_null(0)),
        at=["selected_symbol", "prev_session_date"],
        expected=pl.col("volume").fill_null(0),
        found=pl.col("prev_volume_selected"),
    )
