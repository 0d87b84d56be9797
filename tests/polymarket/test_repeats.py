"""What services list again and again happened once: trades, fills and what was traded before a cutoff, over several days of answers."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakeflow.forecast.tables.attrition import TAKEN
from lakeflow.forecast.tables.repeats import FILL, MEMORY, late, unseen
from lakeflow.forecast.tables.snapshots import traded
from lakeflow.forecast.tables.volumes import told
from lakeflow.vendors.polymarket.asked import asked_for_trades
from stages.silver.polymarket_trades import once
from tests.polymarket.answers import TRADE, C, fetched, parsed, trades

ROOT = Path(__file__).resolve().parents[2]
TIME = pl.Datetime("ns", "UTC")
FIRST = datetime(2026, 2, 1, tzinfo=UTC)
SIXTY = TRADE | {
    "size": 100,
    "price": 0.6,
    "timestamp": int(datetime(2026, 2, 1, 20, tzinfo=UTC).timestamp()),
}
MARKETS = pl.DataFrame({"condition_id": [C], "token_ids": [["11", "22"]]})


def answered(day, *rows, hour=23):
    """The answer of the service of trades about the one market, at an hour of a day in February."""
    at = int((FIRST + timedelta(days=day - 1, hours=hour)).timestamp()) * 10**9
    about = trades(*rows) | {"params": json.dumps({"condition_id": C, "taker_only": "true"})}
    return fetched(about).with_columns(
        ts_observed=pl.Series([at]).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC")
    )


def days(*fetches):
    """The tables of days, each with the trades that no day before had told."""
    made = []
    for place, each in enumerate(fetches):
        found = parsed(each, [])
        today = [found[name] for name in ("trades", "fills", "price_points")]
        earlier = [day["told"] for day in made] or [found["trades"].clear()]
        none = (rows.clear().lazy() for rows in today[1:])
        apart = once(*today, pl.concat(earlier).lazy(), *none, (FIRST + timedelta(days=place)).date())
        made.append({"told": found["trades"], "ledger": found["fetch_ledger"], **apart})
    return made


def volume(made, cutoff):
    """What was traded in the day before a cutoff, by the tables of its UTC day and the one before."""
    window = made[max(cutoff.day - 2, 0) : cutoff.day]
    both = {name: pl.concat([day[name] for day in window]) for name in ("trades", "ledger")}
    feed = pl.DataFrame(schema={"token_id": pl.String, "ts_recv": TIME, "price": pl.Int64, "size": pl.Int64})
    said = told(
        MARKETS,
        both["trades"],
        asked_for_trades(both["ledger"]),
        feed,
        feed.select("token_id", "ts_recv").lazy(),
    )
    rows = pl.DataFrame([(C, "CALENDAR", 0, cutoff)], schema=dict(zip(TAKEN, (pl.String, pl.String, pl.Int64, TIME), strict=True)), orient="row")  # fmt: skip
    return traded(rows, said)["volume_24h"].item()


def noon(day):
    return datetime(2026, 2, day, 12, tzinfo=UTC)


def test_a_trade_that_three_days_list_is_of_the_first_and_traded_once():
    made = days(answered(1, SIXTY), answered(2, SIXTY), answered(3, SIXTY))
    assert [day["trades"].height for day in made] == [1, 0, 0]
    assert volume(made, noon(2)) == 60_000_000
    assert volume(made, noon(3)) == 0


def test_a_trade_that_was_told_late_is_of_the_day_that_told_it():
    made = days(answered(1), answered(2, SIXTY), answered(3, SIXTY))
    assert [day["trades"].height for day in made] == [0, 1, 0]
    assert volume(made, noon(2)) == 60_000_000


def test_alike_trades_of_one_transaction_are_kept_when_a_later_day_tells_both():
    made = days(answered(1, SIXTY), answered(2, SIXTY, SIXTY))
    assert [day["trades"]["ordinal"].to_list() for day in made] == [[0], [1]]
    assert volume(made, noon(2)) == 120_000_000


@pytest.mark.parametrize(
    ("told", "is_late"), [(datetime(2026, 3, 4, tzinfo=UTC), False), (datetime(2026, 3, 5, tzinfo=UTC), True)]
)
def test_what_is_told_more_than_a_month_after_it_happened_is_late(told, is_late):
    """It was traded on the first of February, the first day that 31 days before the fourth of March reach."""
    found = parsed(answered(1, SIXTY), [])
    today = [found[name] for name in ("trades", "fills", "price_points")]
    made = once(*today, *(rows.clear().lazy() for rows in today), told.date())
    assert made["trades"]["is_late"].to_list() == [is_late]


@given(st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), min_size=1, max_size=30))
def test_what_is_not_late_is_there_once_however_long_after_it_is_listed_again(listed):
    """A pair is the day on which something happened and how many days later it was listed."""
    days_told = {}
    for happened, after in listed:
        days_told.setdefault(happened + after, []).append(FIRST + timedelta(days=happened, hours=1))
    shape = {"ts_event": TIME, "fill_id": pl.Int64}
    frames = {
        day: pl.DataFrame({"ts_event": sorted(set(at)), "fill_id": 1}, schema=shape)
        for day, at in days_told.items()
    }
    new = []
    for day in sorted(frames):
        window = [frames[each].lazy() for each in frames if day - 31 <= each < day]
        earlier = pl.concat([frames[day].clear().lazy(), *window])
        new.append(late(unseen(frames[day], earlier, FILL), (FIRST + timedelta(days=day)).date()))
    rows = pl.concat(new)
    known = {
        at
        for day, at in ((d, a) for d, ats in days_told.items() for a in ats)
        if (FIRST + timedelta(days=day)) - at < timedelta(days=31)
    }
    assert rows.filter(~pl.col("is_late"))["ts_event"].sort().to_list() == sorted(known)
    assert set(rows["ts_event"]) == {at for ats in days_told.values() for at in ats}


def test_the_memory_is_that_of_the_registry():
    stage = (ROOT / "datasets.yaml").read_text().split("  silver.prediction_market.once:")[1].split("\n\n")[0]
    assert set(re.findall(r"days: \[-(\d+), -1\]", stage)) == {str(MEMORY.days)}


def test_another_trade_of_the_same_price_and_size_is_another():
    other = SIXTY | {"transaction_hash": "0xU"}
    made = days(answered(1, SIXTY), answered(2, SIXTY, other))
    assert [day["trades"]["transaction"].to_list() for day in made] == [["0xt"], ["0xu"]]


def test_the_order_of_answers_changes_nothing():
    parts = answered(2, SIXTY, SIXTY | {"transaction_hash": "0xA"}), answered(2, SIXTY, hour=6)
    either = [pl.concat(order).with_columns(row=pl.int_range(pl.len())) for order in (parts, parts[::-1])]
    one, other = (days(answered(1, SIXTY), each)[1]["trades"] for each in either)
    assert one.equals(other)
    assert one["transaction"].to_list() == ["0xa"]


MATCH = {
    "id": "0xT_0xO", "transactionHash": "0xT", "timestamp": str(SIXTY["timestamp"]), "orderHash": "0xO", "maker": "0xm", "taker": "0xt",
    "makerAssetId": "0", "takerAssetId": "11", "makerAmountFilled": "60000000", "takerAmountFilled": "100000000", "fee": "0",
}  # fmt: skip


def test_a_fill_that_two_days_list_is_of_the_first():
    asked = fetched(
        {"endpoint": "subgraph/orderFilledEvents", "payload": {"data": {"orderFilledEvents": [MATCH]}}}
    )
    found = parsed(asked, [])
    today = [found[name] for name in ("trades", "fills", "price_points")]
    first = once(*today, *(rows.clear().lazy() for rows in today), FIRST.date())
    later = once(*today, *(rows.lazy() for rows in today), FIRST.date())
    assert (first["fills"].height, later["fills"].height) == (1, 0)


def test_a_market_without_a_trade_that_was_asked_for_had_none_and_one_that_was_not_is_unknown():
    assert volume(days(answered(1), answered(2)), noon(2)) == 0
    nothing = fetched({"endpoint": "data/v2/oi", "payload": {"data": []}})
    assert volume(days(nothing, nothing), noon(2)) is None


@settings(max_examples=25)
@given(st.lists(st.lists(st.integers(0, 4), max_size=6), min_size=1, max_size=5))
def test_however_often_days_list_them_each_trade_is_there_once(listed):
    """A number is a transaction; the same number twice in an answer is two alike trades of it."""
    rows = [[SIXTY | {"transaction_hash": f"0x{number}"} for number in day] for day in listed]
    made = days(*(answered(place, *day) for place, day in enumerate(rows, 1)))
    told = pl.concat([day["trades"] for day in made])
    most = {f"0x{number}": max(day.count(number) for day in listed) for day in listed for number in day}
    assert dict(told.group_by("transaction").len().iter_rows()) == most
    assert told.height == told.unique(["transaction", "ordinal"]).height
