"""The contract of each session as a table: what is kept, what is left out and why, and the state between sessions."""

from datetime import date

import polars as pl
import pytest

from lakeflow.calendar import load_calendar
from lakeflow.contract import load_contract
from lakeflow.types import polars_schema
from selection.contract_day import KEPT, LEFT_OUT, choose_contract, overrides_by_day

CME = load_calendar("CME_EQ")
PARAMS = {
    "basis": "v", "confirm_days": 1, "force_days": 1, "force_days_of": {}, "min_days": 1, "forward_only": True,
    "min_premarket_trades": 1, "thin_trades": 10, "keep_half_days": True, "regular_calendar": "NYSE", "overrides": {},
}  # fmt: skip
H6, M6 = date(2026, 3, 20), date(2026, 6, 18)
BUSY = {"ESH6": (20, 40), "ESM6": (20, 30)}


def premarket(traded: dict[str, tuple[int, int]]) -> pl.DataFrame:
    """ESH6 and ESM6 with their trades and lots before the open; nothing known where nothing is told."""
    rows = [(s, 1, {"ESH6": H6, "ESM6": M6}[s], 5, trades, volume) for s, (trades, volume) in traded.items()]
    columns = ["raw_symbol", "instrument_id", "expiration", "open_interest", "trades", "volume"]
    types = [pl.String, pl.UInt32, pl.Date, pl.Int64, pl.Int64, pl.Int64]
    return pl.DataFrame(rows, schema=dict(zip(columns, types, strict=True)), orient="row")


def volumes(by_session: dict[date, tuple[int, int]]) -> pl.DataFrame:
    """The lots of ESH6 and ESM6 in some sessions."""
    rows = [
        (symbol, CME.session(day).trade_date, lots)
        for day, traded in by_session.items()
        for symbol, lots in zip(("ESH6", "ESM6"), traded, strict=True)
    ]
    schema = {"raw_symbol": pl.String, "trade_date": pl.Date, "volume": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def walk(days, traded=None, early=None, **params) -> list[dict[str, pl.DataFrame]]:
    """The tables of these sessions, each from the five sessions before it and the tables of the one before."""
    found: list[dict[str, pl.DataFrame]] = []
    for day in days:
        window = {session.date for session in CME.window(day, -5, -1)}
        before = found[-1] if found else {"contract_day": None, "excluded": None}
        found.append(
            choose_contract(
                premarket((early or {}).get(day, BUSY)),
                volumes({d: lots for d, lots in (traded or {}).items() if d in window}),
                before["contract_day"], before["excluded"], "ES", day, CME.session(day), **{**PARAMS, **params},
            )
        )  # fmt: skip
    return found


def sessions(first: date, last: date) -> list[date]:
    return [session.date for session in CME.sessions(first, last)]


def chosen(tables) -> list[str | None]:
    return [
        t["contract_day"]["selected_symbol"].first() if t["contract_day"].height else None for t in tables
    ]


def reasons(tables) -> list[str | None]:
    return [t["excluded"]["reason"].first() if t["excluded"].height else None for t in tables]


def test_every_session_has_one_row_in_one_of_the_two_tables_as_their_contracts_say(request):
    tables = walk(sessions(date(2026, 1, 16), date(2026, 1, 20)))
    assert [(t["contract_day"].height, t["excluded"].height) for t in tables] == [(1, 0), (0, 1), (1, 0)]
    for name, columns in {"contract_day": KEPT, "excluded": LEFT_OUT}.items():
        schema = polars_schema(load_contract(request.config.rootpath / f"contracts/selection/{name}.avsc"))
        assert list(schema) == list(columns) == tables[0][name].columns


def test_january_2026_has_18_sessions_and_leaves_out_the_holiday_on_which_futures_trade():
    days = sessions(date(2026, 1, 5), date(2026, 1, 29))
    tables = walk(days)
    assert sum(t["contract_day"].height for t in tables) == 18
    assert {day: why for day, why in zip(days, reasons(tables), strict=True) if why} == {
        date(2026, 1, 19): "holiday"
    }


def test_the_example_of_the_reference_as_a_table():
    days = sessions(date(2026, 1, 5), date(2026, 1, 12))
    lots = [(1000, 10), (900, 300), (400, 700), (600, 500), (100, 900)]
    tables = walk(days, dict(zip(days, lots, strict=False)))
    assert chosen(tables) == ["ESH6", "ESH6", "ESH6", "ESM6", "ESM6", "ESM6"]
    rolls = [t["contract_day"]["is_roll"][0] for t in tables]
    assert rolls == [False, False, False, True, False, False]
    assert "kept although ESH6, which expires earlier, leads by volume" in tables[4]["contract_day"]["why"][0]


def test_a_session_stands_on_the_trade_date_before_and_a_holiday_adds_to_the_day_it_clears_for():
    friday, holiday, tuesday, wednesday = (date(2026, 1, n) for n in (16, 19, 20, 21))
    tables = walk([friday, holiday, tuesday, wednesday], {friday: (9, 1), holiday: (1, 8), tuesday: (7, 7)})
    rows = [t["contract_day"].row(0, named=True) for t in (tables[2], tables[3])]
    assert [row["prev_session_date"] for row in rows] == [friday, tuesday]
    assert (rows[1]["selected_symbol"], rows[1]["prev_volume_selected"]) == ("ESM6", 15)


def test_a_date_without_a_trade_of_the_chosen_contract_before_the_open_is_left_out():
    monday, tuesday = date(2026, 1, 5), date(2026, 1, 6)
    early = {tuesday: {"ESH6": (0, 0), "ESM6": (50, 90)}}
    tables = walk([monday, tuesday], {monday: (9, 1)}, early)
    assert reasons(tables) == [None, "no_premarket"]
    assert tables[1]["excluded"]["selected_symbol"].to_list() == ["ESH6"]


def test_a_day_without_data_is_left_out_and_the_walk_goes_on_from_before_it():
    days = sessions(date(2026, 1, 5), date(2026, 1, 8))
    traded = {days[0]: (1, 9), days[1]: (1, 9), days[2]: (9, 1)}
    tables = walk(days, traded, {days[2]: {}})
    assert reasons(tables) == [None, None, "no_data", None]
    assert chosen(tables) == ["ESH6", "ESM6", None, "ESM6"]


def test_the_first_session_stands_on_its_premarket_and_says_so():
    row = walk([date(2026, 1, 5)], early={date(2026, 1, 5): {"ESH6": (3, 5), "ESM6": (2, 9)}})[0][
        "contract_day"
    ]
    assert row.select("selected_symbol", "basis", "quality").row(0) == ("ESM6", "premarket", "no_prev")


@pytest.mark.parametrize(("gap", "quality"), [(5, "ok"), (6, "no_prev")])
def test_after_more_than_five_sessions_there_is_no_session_before(gap, quality):
    days = sessions(date(2026, 1, 5), date(2026, 1, 14))
    table = walk(days, {days[-1 - gap]: (9, 1)})[-1]["contract_day"]
    assert table["quality"].to_list() == [quality]


def test_few_trades_before_the_open_are_thin():
    days = sessions(date(2026, 1, 5), date(2026, 1, 6))
    tables = walk(days, {days[0]: (9, 1)}, {days[1]: {"ESH6": (9, 9)}})
    assert tables[1]["contract_day"]["quality"].to_list() == ["thin"]


def test_half_days_are_kept_and_marked_or_left_out():
    day = date(2025, 11, 28)
    assert walk([day])[0]["contract_day"]["is_half_day"].to_list() == [True]
    assert reasons(walk([day], keep_half_days=False)) == ["half_day_excluded"]


def test_a_root_that_is_delivered_is_left_earlier():
    days = sessions(date(2026, 1, 5), date(2026, 1, 6))
    tables = walk(days, {days[0]: (9, 1)}, force_days_of={"ES": 80})
    assert chosen(tables) == ["ESM6", "ESM6"]


def test_an_override_is_of_one_root_and_date():
    days = sessions(date(2026, 1, 5), date(2026, 1, 6))
    tables = walk(days, {days[0]: (9, 1)}, overrides={"ES 2026-01-06": "ESM6", "NQ 2026-01-05": "NQM6"})
    assert chosen(tables) == ["ESH6", "ESM6"]
    assert tables[1]["contract_day"].select("basis", "decision").row(0) == ("override", "override")


@pytest.mark.parametrize("key", ["ES", "2026-01-06 ES", "ES 2026-13-01"])
def test_an_override_of_no_date_is_refused(key):
    with pytest.raises(ValueError, match="expected a root and a date such as ES 2026-03-16"):
        overrides_by_day({key: "ESM6"})


def test_all_contracts_expired_leaves_the_date_out():
    day = date(2026, 3, 20)
    assert reasons(walk([day], early={day: {"ESH6": (5, 5)}})) == ["no_candidate"]


def test_a_definition_wins_over_the_rule_and_the_rule_stands_in_for_it():
    day, friday = date(2026, 6, 17), date(2026, 6, 19)
    listed = premarket({"ESM6": (20, 20)})
    told = [listed.with_columns(expiration=pl.lit(each, pl.Date)) for each in (friday, None)]
    given = (volumes({}), None, None, "ES", day, CME.session(day))
    rows = [choose_contract(each, *given, **PARAMS) for each in told]
    assert rows[0]["contract_day"]["expiration"].to_list() == [friday]
    assert rows[1]["contract_day"]["expiration"].to_list() == [date(2026, 6, 18)]


def test_the_same_inputs_give_the_same_tables():
    days = sessions(date(2026, 1, 5), date(2026, 1, 9))
    first, second = walk(days), walk(days)
    assert all(a[name].equals(b[name]) for a, b in zip(first, second, strict=True) for name in a)
