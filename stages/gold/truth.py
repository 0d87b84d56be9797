"""Truth tables: what the events of many sessions come to, with intervals, against what all seconds come to."""

from datetime import date
from typing import cast

import polars as pl

from lakeflow.truth.aftermath import signed, tied
from lakeflow.truth.cell import Measures
from lakeflow.truth.forward import HORIZONS
from lakeflow.truth.tables import truth_table

KINDS = ["burst", "chop", "fear", "flicker", "pull", "replenish", "vacuum"]
SHARES = tuple(f"cont_{h}" for h in HORIZONS)
MEANS = tuple(f"{what}_{h}" for h in HORIZONS for what in ("way_ret", "fwd_mfe", "fwd_mae", "fwd_rv_ratio"))
MEDIANS = ("dur_s", "extent_ticks")


def tables(  # noqa: PLR0913  a stage's arguments are its reads and its params
    outcomes: pl.DataFrame,
    exposure: pl.DataFrame,
    chosen: pl.DataFrame | None = None,
    *,
    draws: int,
    conf: float,
    min_n: int,
    min_days: int,
) -> pl.DataFrame:
    """`chosen` says which contract each session is about; where a product has no selection, all there is counts."""
    counted = [of_chosen(each, chosen) for each in (outcomes, exposure)]
    events, seconds = (each.rename({"dt": "session_date", "tod_bucket": "tod"}) for each in counted)
    way = pl.col("way")
    known = (
        events.filter("in_exposure").rename({"vol_regime": "regime"}).with_columns(*signed(way), *tied(way))
    )
    measures = Measures(SHARES, MEANS, MEDIANS, draws, conf, min_n, min_days)
    table = truth_table(known.cast({"kind": pl.String}), seconds, KINDS, measures)
    days = seconds["session_date"]
    first = cast("date", days.min())
    return table.with_columns(
        first_session=pl.lit(first, pl.Date), sessions=pl.lit(days.n_unique(), pl.Int64)
    )


def of_chosen(rows: pl.DataFrame, chosen: pl.DataFrame | None) -> pl.DataFrame:
    if chosen is None:
        return rows
    about = chosen.select("dt", symbol="selected_symbol")
    return rows.with_columns(pl.col("symbol").cast(pl.String)).join(about, on=["dt", "symbol"], how="semi")
