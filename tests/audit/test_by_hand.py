"""Audits on frames of a few rows, where what must hold can be counted by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import polars as pl
import pytest

from lakeflow.audit import (
    anomalies,
    choice,
    flow,
    imbalance,
    levels,
    moves,
    quotes,
    records,
    suspicion,
    times,
    trades,
    venues,
    volume,
)


class Hours(NamedTuple):
    """A session."""

    open: datetime
    close: datetime


TIME = pl.Datetime("ns", "UTC")
NOON = datetime(2026, 1, 6, 12, tzinfo=UTC)
ORDER = {
    "row": 0, "ts_recv": NOON, "publisher_id": 1, "instrument_id": 11, "order_id": 1, "price": 100, "size": 1, "flags": 128,
    "action": "A", "side": "B", "sequence": 1, "symbol": "ESH6",
}  # fmt: skip
TERMS = pl.LazyFrame({"row": [0], "instrument_id": [11], "raw_symbol": ["ESH6"], "min_price_increment": [10]})

DAY = Hours(NOON - timedelta(hours=12), NOON + timedelta(hours=12))


def orders(*rows: dict) -> pl.LazyFrame:
    """Order records, numbered from 0, each told by what differs from an add of 1 at 100 that ends its event."""
    told = [{**ORDER, "row": n, **row} for n, row in enumerate(rows)]
    return pl.LazyFrame(told, schema_overrides={"ts_recv": TIME, "size": pl.UInt32, "flags": pl.UInt8})


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def quote(row: int, bid: int | None, ask: int | None, *, suspect: bool = False, flags: int = 0) -> dict:
    return {
        "row": row, "ts_recv": after(row), "publisher_id": 1, "suspect": suspect, "flags": flags,
        "bid_price": bid, "bid_size": 1, "bid_count": 1, "ask_price": ask, "ask_size": 1, "ask_count": 1,
    }  # fmt: skip


def table(*rows: dict) -> pl.LazyFrame:
    return pl.LazyFrame(
        list(rows), schema_overrides={"ts_recv": TIME, "bid_price": pl.Int64, "ask_price": pl.Int64}
    )


def status(*told: tuple[float, int]) -> pl.LazyFrame:
    """Codes of trading status, each from some second on."""
    rows = [
        {"row": n, "publisher_id": 1, "instrument_id": 11, "ts_recv": after(s), "action": a}
        for n, (s, a) in enumerate(told)
    ]
    kinds = {
        "row": pl.Int64,
        "publisher_id": pl.Int64,
        "instrument_id": pl.Int64,
        "ts_recv": TIME,
        "action": pl.UInt16,
    }
    return pl.LazyFrame(rows, schema=kinds)


def at(broken: pl.LazyFrame) -> list[str]:
    return broken.collect()["at"].to_list()


@pytest.mark.parametrize(
    ("phases", "found"),
    [
        ([(0, 7)], 1),  # trading
        ([(0, 7), (99, 8)], 0),  # halted a second before
        ([(0, 7), (99, 1), (101, 7)], 0),  # before the open
        ([(0, 8), (50, 7)], 0),  # what crossed before the open is being matched
        ([(0, 8), (40, 7)], 1),  # that is over after a minute
        ([(0, 8), (10, 7), (50, 7)], 1),  # saying so again begins nothing
        ([(0, 8), (1, 0), (1, 14)], 0),  # still halted: neither is a phase
        ([], 1),  # nobody says; it is inside a session
        ([(101, 7)], 1),
    ],
)
def test_a_book_may_be_crossed_only_where_the_status_allows(phases, found):
    crossed = table(quote(0, 100, 110), quote(100, 120, 110))
    assert len(at(quotes.is_uncrossed(crossed, orders({}), status(*phases), [DAY]))) == found
    assert len(at(quotes.is_uncrossed_at_each_venue(crossed, orders({}), status(*phases), [DAY]))) == found


@pytest.mark.parametrize(
    ("opens", "closes", "found"), [(-1, 101, 1), (-1, 100, 0), (60, 200, 0), (40, 200, 1), (200, 300, 0)]
)
def test_where_nobody_tells_the_status_the_session_does(opens, closes, found):
    crossed = table(quote(100, 120, 110))
    hours = Hours(after(opens), after(closes))
    assert len(at(quotes.is_uncrossed(crossed, orders({}), status(), [hours]))) == found
    assert at(quotes.is_uncrossed(crossed, orders({}), status(), [])) == []


def test_a_doubtful_book_and_one_side_alone_are_not_crossed():
    rows = table(
        quote(0, 120, 110, suspect=True),
        quote(1, 120, 110, flags=1 << 10),
        quote(2, None, 110),
        quote(3, 110, 110),
    )
    assert at(quotes.is_uncrossed(rows, orders({}), status((0, 7)), [DAY])) == []


def test_a_quote_is_news_when_only_being_suspect_differs():
    rows = table(quote(0, 100, None), quote(1, 100, None, suspect=True), quote(2, 100, None, suspect=True))
    assert at(quotes.is_news(rows)) == ["row 2"]


def test_suspicion_lasts_from_a_gap_of_a_publisher_to_its_own_clear():
    gap, clear, other = {"flags": 132}, {"action": "R"}, {"publisher_id": 2}
    day = orders({}, gap, {}, other | clear, other | gap, clear, {}, other | clear, {})
    told = [False, True, True, True, True, True, True, False, False]
    rows = table(*(quote(n, 100, 110, suspect=s) for n, s in enumerate(told)))
    assert at(suspicion.is_that_of_the_orders({"bbo": rows}, day)) == []
    early = rows.with_columns(suspect=pl.col("suspect") & (pl.col("row") < 5))
    assert at(suspicion.is_that_of_the_orders({"bbo": early}, day)) == [
        "table bbo, row 5",
        "table bbo, row 6",
    ]


def test_a_snapshot_that_says_no_clear_closes_a_gap_once():
    day = orders({}, {"flags": 132}, {"flags": 40}, {"flags": 168}, {})
    rows = table(*(quote(n, 100, 110, suspect=n == 1) for n in (0, 1, 3, 4)))
    assert at(suspicion.is_that_of_the_orders({"bbo": rows}, day)) == []


def cells(second: int, **lots: int) -> list[dict]:
    """Six rows of flow in which nothing moves; `B_touch=5` says the depth of a cell."""
    return [
        {"ts_second": after(second), "side": s, "band": b, "depth_end": lots.get(f"{s}_{b}", 0)}
        for s in "BA" for b in ("touch", "near", "deep")
    ]  # fmt: skip


def ten(side: str, *levels: tuple[int, int]) -> dict:
    told = [*levels, *[(None, 0)] * (10 - len(levels))]
    prices = {f"{side}_price_{n}": price for n, (price, _) in enumerate(told, 1)}
    return prices | {f"{side}_size_{n}": size for n, (_, size) in enumerate(told, 1)}


def test_bands_are_the_lots_of_levels_by_their_distance_in_ticks():
    bids = ten("bid", (1000, 1), (995, 2), (990, 4), (951, 8), (950, 16), (800, 32), (790, 64))
    asks = ten("ask", *((1100 + 10 * n, 1) for n in range(10)))
    kinds = {f"{s}_price_{n}": pl.Int64 for s in ("bid", "ask") for n in range(1, 11)}
    depth = pl.LazyFrame([{"ts_second": NOON} | bids | asks], schema_overrides=kinds)
    told = {"B_touch": 3, "B_near": 12, "B_deep": 48, "A_touch": 1, "A_near": 4, "A_deep": 999}
    right = pl.LazyFrame(cells(0, **told))
    assert (
        at(flow.ends_as_depth_stands(right, depth, orders({}), TERMS, "ESH6", {})) == []
    )  # deep asks go on beyond ten levels
    wrong = pl.LazyFrame(cells(0, **told | {"B_near": 13}))
    assert len(at(flow.ends_as_depth_stands(wrong, depth, orders({}), TERMS, "ESH6", {}))) == 1


def test_the_first_second_begins_with_an_empty_book():
    cell = {"ts_second": NOON, "side": "B", "band": "touch", "depth_start": 3, "depth_end": 3}
    assert len(at(flow.goes_on(pl.LazyFrame([cell])))) == 1


def test_moves_add_up_below_zero_and_over_a_side_that_is_empty_for_a_while():
    rows = table(quote(1, -100, -80), quote(2, -100, None), quote(4, -110, -70), quote(6, -110, -80))
    told = pl.LazyFrame({"row": [0, 4, 6], "half_ticks": [7, 0, -1]})
    assert at(moves.adds_up(told, rows, orders({}), TERMS, "ESH6", {})) == []
    assert at(moves.adds_up(told.head(2), rows, orders({}), TERMS, "ESH6", {})) == ["row 6"]


def test_fills_are_counted_event_by_event():
    trade, fill = {"action": "T", "flags": 0, "size": 3}, {"action": "F", "flags": 0, "size": 3}
    day = orders(trade, fill, {"action": "C"}, trade | {"flags": 128}, fill, {})
    told = {"row": [0, 3], "filled": [3, 0], "fills": [1, 0]}
    assert at(trades.is_filled_as_told(pl.LazyFrame(told), day)) == []
    late = told | {"filled": [0, 3], "fills": [0, 1]}
    assert at(trades.is_filled_as_told(pl.LazyFrame(late), day)) == ["row 3"]


def test_a_record_is_in_one_table_and_a_reject_fills_its_gap():
    kept = pl.LazyFrame({"row": [0, 1, 3]})
    gap = pl.LazyFrame(
        {"row": [2, None], "meant_for": ["orders", "status"]},
        schema={"row": pl.Int64, "meant_for": pl.String},
    )
    none = gap.clear()
    assert at(records.is_in_one_table({"orders": kept, "rejects": gap})) == []
    assert records.is_in_one_table({"orders": kept, "rejects": none}).collect().rows() == [
        ("table orders", "record 2", "3")
    ]
    twice = pl.concat([gap, gap])
    assert len(at(records.is_in_one_table({"orders": kept, "rejects": twice}))) == 1


def test_two_instruments_under_one_symbol_are_told():
    assert at(records.is_defined(orders({}, {}), TERMS)) == []
    assert at(records.is_defined(orders({}, {"instrument_id": 12}), TERMS)) == ["symbol ESH6"]
    assert at(records.is_defined(orders({"symbol": "ESM6"}), TERMS)) == ["symbol ESM6"]
    assert at(records.is_defined(orders({"symbol": "ESM6"}), TERMS.clear())) == []


def test_the_top_of_book_may_be_empty_and_an_order_may_not():
    nothing = {"price": None, "size": 0}
    day = orders(nothing | {"flags": 64}, nothing, {"action": "T", "price": None}, {"action": "M", "size": 0})
    assert at(records.is_an_order(day)) == ["symbol ESH6, row 1"]


def test_a_record_received_late_counts_at_the_clock_it_found():
    day = orders({"ts_recv": after(1)}, {"ts_recv": after(0)}, {"flags": 0}, {"ts_recv": after(2)})
    seconds = pl.LazyFrame(
        {"ts_second": [after(1), after(2)], "events": [2, 1]}, schema_overrides={"ts_second": TIME}
    )
    assert at(times.counts_every_event(seconds, day)) == []
    depth = seconds.select("ts_second", row=pl.Series([1, 3]))
    assert at(levels.is_the_end_of_events(depth, day)) == []


def test_a_gap_that_no_anomaly_counts_is_told():
    day = orders({}, {"flags": 132}, {"flags": 4})
    kinds = {"ts_minute": TIME, "class": pl.String, "count": pl.Int64, "first_row": pl.Int64}
    told = pl.LazyFrame([(NOON, "maybe_bad_book", 2, 1)], schema=kinds, orient="row")
    assert at(anomalies.counts_every_gap(told, day)) == at(anomalies.is_of_the_orders(told, day)) == []
    assert len(at(anomalies.counts_every_gap(told.clear(), day))) == 1


def test_the_last_instant_of_a_day_is_inside_and_the_next_is_not():
    day = date(2026, 1, 6)
    last = datetime(2026, 1, 7, tzinfo=UTC) - timedelta(microseconds=1)
    inside = pl.LazyFrame({"ts_recv": [datetime(2026, 1, 6, tzinfo=UTC), last]}, schema={"ts_recv": TIME})
    past = pl.LazyFrame({"ts_minute": [datetime(2026, 1, 7, tzinfo=UTC)]}, schema={"ts_minute": TIME})
    assert at(times.is_inside_the_day({"bbo": inside}, day)) == []
    assert at(times.is_inside_the_day({"bbo": inside, "anomalies": past}, day)) == ["table anomalies"]


def chosen(symbol: str, expiration: date, decision: str = "leads") -> pl.LazyFrame:
    return pl.LazyFrame({"selected_symbol": [symbol], "expiration": [expiration], "decision": [decision]})


@pytest.mark.parametrize(
    ("decision", "params", "found"),
    [("leads", {}, 1), ("override", {}, 0), ("leads", {"forward_only": False}, 0)],
)
def test_only_an_override_or_the_vendors_rule_goes_back(decision, params, found):
    was, now = chosen("ESM6", date(2026, 6, 18)), chosen("ESH6", date(2026, 3, 20), decision)
    assert len(at(choice.never_goes_back(now, was, was.clear(), params))) == found
    assert len(at(choice.never_goes_back(now, was.clear(), was, params))) == found
    assert at(choice.never_goes_back(now, was.clear(), was.clear(), params)) == []


def test_a_contract_without_a_trade_has_no_volume():
    told = pl.LazyFrame({"raw_symbol": ["ESH6", "ESM6"], "volume": [1, 1], "trades": [1, 1]})
    assert at(volume.is_no_more_than_traded(told, orders({"action": "T"}))) == ["raw_symbol ESM6"]


def test_quotes_of_all_venues_add_up_what_rests_at_the_best_price():
    one, two = {"publisher_id": 1}, {"publisher_id": 2}
    each = table(quote(0, 100, None) | one, quote(1, 100, 110) | two, quote(3, 90, 110) | one)
    all_ = table(
        quote(0, 100, None) | {"ask_size": 0, "ask_count": 0},
        quote(1, 100, 110) | {"bid_size": 2, "bid_count": 2},
        quote(2, 999, 110),  # the first venue is in the middle of an event
        quote(3, 100, 110) | {"ask_size": 2, "ask_count": 2},
    )
    day = orders(one, two, one | {"flags": 0}, one)
    assert at(venues.is_the_best_of_all(all_, each, day)) == []
    wrong = all_.with_columns(bid_size=pl.lit(1))
    assert at(venues.is_the_best_of_all(wrong, each, day)) == ["row 1"]


def test_imbalance_is_that_of_the_worked_example_and_a_clear_adds_nothing():
    told = [
        (100, 10, 101, 12),
        (100, 15, 101, 12),
        (100, 15, 101, 7),
        (101, 4, 102, 9),
        (101, 4, 102, 9),
        (100, 15, 102, 9),
    ]
    rows = table(
        *(quote(n, bid, ask) | {"bid_size": b, "ask_size": a} for n, (bid, b, ask, a) in enumerate(told, 1))
    )
    day = orders({"action": "R", "flags": 0}, *({"ts_recv": after(n // 2)} for n in range(1, 7)))
    seconds = pl.LazyFrame(
        {"ts_second": [after(n) for n in range(4)], "ofi_1": [0, 10, 11, -4]},
        schema_overrides={"ts_second": TIME},
    )
    assert at(imbalance.is_that_of_the_quotes(seconds, rows, day)) == []
    begun = imbalance.is_that_of_the_quotes(
        seconds, rows, orders(*({"ts_recv": after(n // 2)} for n in range(7)))
    )
    assert begun.collect().rows() == [("ts_second 2026-01-06 12:00:00.000000000+00:00", "-2", "0")]
