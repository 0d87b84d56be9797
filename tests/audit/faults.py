"""Faults to sow into one table of a whole day, each with the check that it must turn red."""

from datetime import date

import polars as pl

from lakeflow.partition import Partition
from tests.audit.changes import Change, with_another, with_row, without_row

DAY = "2026-01-06"
TICK = 250_000_000


def of(table: str, symbol: str = "ESH6", layer: str = "silver") -> Partition:
    return Partition(f"{layer}.future_mbo.{table}", symbol, DAY)


def repeated(number: int) -> Change:
    """A row that says of the quotes what the row before it does."""
    quotes = [f"{side}_{what}" for side in ("bid", "ask") for what in ("price", "size", "count")]
    return with_row(number, **{name: pl.col(name).shift(1) for name in quotes})


def bid_above_ask(rows: pl.DataFrame) -> pl.DataFrame:
    return with_row(500, bid_price=pl.col("ask_price") + TICK)(rows)


def moved_second(rows: pl.DataFrame) -> pl.DataFrame:
    """The six rows of the last second, a second later."""
    last = rows["ts_second"].max()
    later = pl.col("ts_second") + pl.duration(seconds=1, time_unit="ns")
    return rows.with_columns(
        ts_second=pl.when(pl.col("ts_second") == last).then(later).otherwise("ts_second")
    )


def invented(rows: pl.DataFrame) -> pl.DataFrame:
    """An anomaly on a day that has none of its class in that minute."""
    told = {
        "ts_minute": pl.datetime(2026, 1, 6, 12, 0, 0, time_zone="UTC"),
        "class": "maybe_bad_book",
        "count": 1,
        "first_row": 0,
    }
    row = pl.select(
        (value if isinstance(value, pl.Expr) else pl.lit(value)).cast(rows.schema[name]).alias(name)
        for name, value in told.items()
    )
    return pl.concat([rows, row]).sort("ts_minute", "class")  # fmt: skip


ORDERS, CHOICE = of("orders", layer="bronze"), of("contract_day", "ES", "selection")
NEXT_DAY = pl.col("ts_recv") + pl.duration(days=1)
EARLIER = pl.col("ts_recv") - pl.duration(nanoseconds=1)
SOLD = {"side": "A", "sign": -1}


FAULTS = {
    "a bid is above the ask while trading": (of("bbo"), bid_above_ask, "quotes.is_uncrossed"),
    "a quote tells nothing new": (of("bbo"), repeated(300), "quotes.is_news"),
    "a quote is lost": (of("bbo"), without_row(300), "counted"),
    "quotes end a second otherwise than depth": (
        of("bbo"), lambda rows: rows.with_columns(bid_size=pl.col("bid_size") + 1), "quotes.is_the_first_level",
    ),
    "a quote is of the day after": (of("bbo"), with_row(-1, ts_recv=NEXT_DAY), "times.is_inside_the_day"),
    "a quote comes before its order": (of("bbo"), with_row(9, ts_recv=EARLIER), "times.is_that_of_the_orders"),
    "a quote names no record of the orders": (of("bbo"), with_row(-1, row=10**9), "times.is_that_of_the_orders"),
    "a quote is suspect without a gap": (of("bbo"), with_row(40, suspect=True), "suspicion.is_that_of_the_orders"),
    "a price without lots": (of("bbo"), with_row(40, bid_size=0), "bid_is_whole"),
    "two levels have changed places": (
        of("depth"),
        with_row(20, bid_price_2=pl.col("bid_price_3"), bid_price_3=pl.col("bid_price_2")),
        "levels.is_in_order",
    ),
    "a level has a price and no lots": (of("depth"), with_row(20, ask_size_4=0), "levels.is_in_order"),
    "a level is empty before one that is not": (
        of("depth"), with_row(20, ask_price_4=None, ask_size_4=0), "levels.is_in_order",
    ),
    "levels are of an event before the last of the second": (
        of("depth"), with_row(-1, row=pl.col("row") - 1), "levels.is_the_end_of_events",
    ),
    "the lots of a level are not those of the flow": (
        of("depth"), with_row(20, bid_size_1=pl.col("bid_size_1") + 7), "flow.ends_as_depth_stands",
    ),
    "lots appear out of nothing": (of("flow"), with_row(600, add=pl.col("add") + 5), "flow.is_conserved"),
    "a second begins otherwise than the one before it ended": (
        of("flow"),
        with_row(600, depth_start=pl.col("depth_start") + 5, depth_end=pl.col("depth_end") + 5),
        "flow.goes_on",
    ),
    "a band of a second is lost": (of("flow"), without_row(600), "flow.has_every_band"),
    "a flow is told of a second without an event": (of("flow"), moved_second, "flow.has_the_seconds_of_ofi"),
    "more is filled than was told": (
        of("flow"),
        with_row(600, fill=pl.col("fill") + 10**6, shift=pl.col("shift") + 10**6),
        "flow.is_no_more_than_the_orders",
    ),
    "a trade is lost": (of("trades"), without_row(3), "trades.is_every_trade"),
    "a trade is larger than it was": (of("trades"), with_row(3, size=pl.col("size") + 1), "trades.is_every_trade"),
    "a trade is told at another price": (of("trades"), with_row(3, price=pl.col("price") + TICK), "trades.is_every_trade"),
    "buyers have become sellers": (
        of("trades"), lambda rows: rows.with_columns(**{k: pl.lit(v).cast(rows.schema[k]) for k, v in SOLD.items()}),
        "trades.is_every_trade",
    ),
    "a trade is invented": (of("trades"), with_another(-1, row=10**9), "trades.is_every_trade"),
    "a trade is filled further than fills were told of": (
        of("trades"), with_row(3, filled=pl.col("filled") + 1_000), "trades.is_filled_as_told",
    ),
    "moves do not lead to where the mid is": (
        of("moves"),
        with_row(5, half_ticks=pl.col("half_ticks") + 1, from_add=pl.col("from_add") + 1),
        "moves.adds_up",
    ),
    "a move is lost": (of("moves"), without_row(5), "moves.adds_up"),
    "a move is of less than its parts": (
        of("moves"), with_row(5, from_trade=pl.col("from_trade") + 1), "moves.is_of_its_parts",
    ),
    "an event moved nothing": (
        of("moves"),
        with_row(5, half_ticks=0, from_trade=0, from_cancel=0, from_add=0, from_modify=0, from_reset=0),
        "moves.is_of_its_parts",
    ),
    "an anomaly is invented": (of("anomalies"), invented, "anomalies.counts_every_gap"),
    "an anomaly names a record of another minute": (of("anomalies"), invented, "anomalies.is_of_the_orders"),
    "an event is counted twice": (of("ofi"), with_row(7, events=pl.col("events") + 1), "times.counts_every_event"),
    "an imbalance leans to the other side": (
        of("ofi"), with_row(7, ofi_1=-pl.col("ofi_1") - 1), "imbalance.is_that_of_the_quotes",
    ),
    "a second of imbalance is lost": (of("ofi"), without_row(7), "times.counts_every_event"),
    "a record of the orders is lost": (ORDERS, without_row(900), "records.is_in_one_table"),
    "an order is of the day after": (
        ORDERS, with_row(-1, ts_recv=NEXT_DAY), "times.is_inside_the_day",
    ),
    "an order comes without a price": (
        ORDERS,
        lambda rows: rows.with_columns(price=pl.when(pl.col("action") != "A").then("price")),
        "records.is_an_order",
    ),
    "an order is of an instrument that nobody defined": (
        ORDERS, with_row(900, instrument_id=1), "records.is_defined",
    ),
    "a record is of another table's numbers": (
        ORDERS, with_another(-1, row=10**9), "records.is_in_one_table",
    ),
    "a session has no choice": (
        CHOICE, lambda rows: rows.clear(), "choice.is_told_once",
    ),
    "a choice goes back to an earlier contract": (
        CHOICE, with_row(0, expiration=date(2026, 1, 16)), "choice.never_goes_back",
    ),
    "a contract is chosen that has expired": (
        CHOICE, with_row(0, expiration=date(2026, 1, 5)), "choice.is_alive",
    ),
    "a contract is chosen that was not listed": (
        CHOICE, with_row(0, selected_symbol="ESZ9"), "choice.is_that_of_the_premarket",
    ),
    "a choice stands on trades of the morning that were none": (
        CHOICE, with_row(0, premarket_trades=10**6), "choice.is_that_of_the_premarket",
    ),
    "a choice stands on volumes that were not traded": (
        CHOICE, with_row(0, prev_volume_selected=10**6), "choice.is_the_volume_before",
    ),
    "a second tells of a trade too many": (
        of("activity"), with_row(3, trades=pl.col("trades") + 1), "volume.is_every_trade",
    ),
    "levels after events cross their own": (
        of("mbp"), with_row(20, ask_price_2=pl.col("ask_price_1")), "levels.is_in_order_after_events",
    ),
    "a session traded more than its days": (
        of("session_volume", "ES"), with_row(0, volume=10**9), "volume.is_no_more_than_traded",
    ),
    "a second of the session is lost": (of("market_truth", layer="gold"), without_row(700), "grid.is_every_second"),
    "the grid tells of lots that were not traded": (
        of("market_truth", layer="gold"), with_row(60_000, vol_1s=pl.col("vol_1s") + 1), "grid.is_every_lot",
    ),
    "the mid goes where no move leads": (
        of("market_truth", layer="gold"), with_row(60_000, mid_half_ticks=pl.col("mid_half_ticks") + 1), "grid.adds_up",
    ),
    "a feature's second is gone": (of("features", layer="gold"), without_row(700), "grid.hides_no_second"),
    "a feature shows what is not there": (
        of("features", layer="gold"), with_row(-1, flow_valid=True, vol_1s=10**6), "grid.hides_no_second",
    ),
    "more is hidden than is told": (
        of("gold_mask_rate", layer="gold"), lambda rows: rows.with_columns(seconds=pl.lit(10**6, pl.Int64)), "events.hides_what_is_flagged",
    ),
    "a regime tells of a burst that was none": (
        of("regimes", layer="gold"), with_row(60_000, regime_final=3), "events.is_in_the_regimes",
    ),
    "a second is in two cells": (
        of("exposure", layer="gold"), with_row(0, seconds=pl.col("seconds") + 1), "events.is_every_valid_second",
    ),
}  # fmt: skip
