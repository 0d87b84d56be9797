"""Whether the lots that came and went by second, side and band account for the depths, and agree with depth and orders."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from lakeflow.audit.broken import broken, said
from lakeflow.audit.instrument import tick_of

CELL = ("ts_second", "side", "band")
# Ticks behind the best price at which a band begins and ends, as contracts/silver/flow.avsc says.
BANDS = {"touch": (0, 1), "near": (1, 5), "deep": (5, 21)}
SIDES = {"B": "bid", "A": "ask"}
LEVELS = range(1, 11)


def is_conserved(flow: pl.LazyFrame) -> pl.LazyFrame:
    """Every depth at the end is the depth at the start with what came, without what went, and what is left is the shift."""
    told = pl.col("depth_start") + pl.col("add") - pl.col("cancel") - pl.col("fill") + pl.col("shift")
    return broken(flow, told != pl.col("depth_end"), at=CELL, expected=told, found=pl.col("depth_end"))


def goes_on(flow: pl.LazyFrame) -> pl.LazyFrame:
    """A second starts with the depths that the one before it ended with, and the day with an empty book."""
    before = pl.col("depth_end").shift(1, fill_value=0).over("side", "band")
    rows = flow.with_columns(before=before)
    return broken(
        rows,
        pl.col("before") != pl.col("depth_start"),
        at=CELL,
        expected=pl.col("before"),
        found=pl.col("depth_start"),
    )


def has_every_band(flow: pl.LazyFrame) -> pl.LazyFrame:
    """A second has a row for each of three bands of two sides."""
    seconds = flow.group_by("ts_second", maintain_order=True).agg(rows=pl.len())
    return broken(seconds, pl.col("rows") != 6, at=["ts_second"], expected="6 rows", found=pl.col("rows"))


def has_the_seconds_of_ofi(flow: pl.LazyFrame, ofi: pl.LazyFrame) -> pl.LazyFrame:
    """Flow and imbalance are told of the same seconds."""
    own = flow.select("ts_second", flow=pl.lit("flow")).unique()
    other = ofi.select("ts_second", ofi=pl.lit("ofi"))
    both = own.join(other, on="ts_second", how="full", coalesce=True).sort("ts_second")
    return broken(
        both,
        pl.col("flow").is_null() | pl.col("ofi").is_null(),
        at=["ts_second"],
        expected="a second of flow and of ofi",
        found=pl.coalesce("flow", "ofi") + " alone",
    )


def is_no_more_than_the_orders(flow: pl.LazyFrame, orders: pl.LazyFrame) -> pl.LazyFrame:
    """A day's fills are no more lots than fills were told of, and what came is no more than adds and modifies bring."""
    lots = pl.col("size").cast(pl.Int64)
    most = orders.select(
        fill=lots.filter(pl.col("action") == "F").sum(),
        add=lots.filter(pl.col("action").is_in(["A", "M"])).sum(),
    )
    sums = flow.select(pl.col("fill", "add").sum())
    held = sums.unpivot(variable_name="kind", value_name="found").join(
        most.unpivot(variable_name="kind", value_name="most"), on="kind"
    )
    return broken(
        held,
        pl.col("found") > pl.col("most"),
        at=["kind"],
        expected=pl.lit("at most ") + said(pl.col("most")),
        found=pl.col("found"),
    )


def ends_as_depth_stands(
    flow: pl.LazyFrame,
    depth: pl.LazyFrame,
    orders: pl.LazyFrame,
    definition: pl.LazyFrame,
    symbol: str,
    params: Mapping[str, Any],
) -> pl.LazyFrame:
    """The depth of a band is the lots of its levels, in seconds whose ten levels reach beyond the band."""
    levels = depth.join(tick_of(definition, orders, symbol, params), how="cross")
    bands = pl.concat([banded(levels, side, band) for side in SIDES for band in BANDS])
    ended = flow.select("ts_second", pl.col("side", "band").cast(pl.String), "depth_end")
    both = ended.join(bands.filter("is_whole"), on=CELL, maintain_order="left")
    return broken(
        both,
        pl.col("lots") != pl.col("depth_end"),
        at=CELL,
        expected=pl.col("lots"),
        found=pl.col("depth_end"),
    )


def banded(levels: pl.LazyFrame, side: str, band: str) -> pl.LazyFrame:
    """The lots of a band at the end of each second, and whether all of the band is among the ten levels."""
    name, (begins, ends) = SIDES[side], BANDS[band]
    best, tick = pl.col(f"{name}_price_1"), pl.col("tick")
    away = {n: (pl.col(f"{name}_price_{n}") - best).abs() for n in LEVELS}
    inside = {n: (each >= tick * begins) & (each < tick * ends) for n, each in away.items()}
    lots = [pl.when(inside[n]).then(pl.col(f"{name}_size_{n}")).otherwise(0) for n in LEVELS]
    return levels.select(
        "ts_second",
        side=pl.lit(side),
        band=pl.lit(band),
        lots=pl.sum_horizontal(lots),
        is_whole=(away[10] >= tick * ends).fill_null(value=True),
    )
