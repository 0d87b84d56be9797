"""`calendars:` in datasets.yaml: sessions dropped, added and closed early, or every fault at once."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from lakeflow.calendar import CalendarError, load_calendar, with_overrides

SOURCE = "NSE circular of 2026-10-20"


def faults(name: str, overrides: object) -> list[str]:
    with pytest.raises(CalendarError) as refused:
        with_overrides(load_calendar(name), overrides)  # type: ignore[arg-type]  what YAML may hold
    return refused.value.faults


def test_nothing_to_override_changes_nothing():
    plain = load_calendar("NYSE")
    assert with_overrides(plain, {}).dates == plain.dates
    assert with_overrides(plain, {"add_sessions": None}).digest(plain.dates) == plain.digest(plain.dates)


def test_a_session_is_added_on_a_sunday_by_the_wall_clock():
    muhurat = {"date": "2026-11-08", "open": "18:15", "close": "19:15", "source": SOURCE}
    nse = with_overrides(load_calendar("NSE"), {"add_sessions": [muhurat]})
    added = nse.offset(date(2026, 11, 9), -1)
    assert (added.date, added.kind, added.seconds) == (date(2026, 11, 8), "special", 3600)
    assert added.open == datetime(2026, 11, 8, 12, 45, tzinfo=UTC)
    assert added.source == f"datasets.yaml: {SOURCE}"


def test_a_dropped_session_is_gone_with_its_reason():
    drop = {"date": date(2026, 1, 6), "source": "exchange down all day"}
    nyse = with_overrides(load_calendar("NYSE"), {"drop_sessions": [drop]})
    assert nyse.offset(date(2026, 1, 7), -1).date == date(2026, 1, 5)
    assert nyse.why_closed(date(2026, 1, 6)) == "datasets.yaml: exchange down all day"


def test_an_early_close_shortens_one_session_and_makes_no_other_stale():
    plain, close = load_calendar("CME_EQ"), {"date": "2026-01-06", "close": "12:00", "source": "outage"}
    short = with_overrides(plain, {"early_close": [close]})
    found = short.session(date(2026, 1, 6))
    assert found is not None
    assert (found.kind, found.close) == ("half", datetime(2026, 1, 6, 18, tzinfo=UTC))
    assert short.digest([date(2026, 1, 6)]) != plain.digest([date(2026, 1, 6)])
    assert short.digest([date(2026, 1, 7)]) == plain.digest([date(2026, 1, 7)])


def test_an_early_close_leaves_out_the_break_after_it():
    close = {"date": "2021-06-25", "close": "14:00", "source": "example"}
    found = with_overrides(load_calendar("CME_EQ"), {"early_close": [close]}).session(date(2021, 6, 25))
    assert found is not None
    assert (found.breaks, found.seconds) == ((), 21 * 3600)


def test_a_session_dropped_and_added_is_replaced():
    drop = {"date": "2026-01-06", "source": "late open"}
    add = {"date": "2026-01-06", "open": "10:30", "close": "16:00", "kind": "regular", "source": "late open"}
    nyse = with_overrides(load_calendar("NYSE"), {"add_sessions": [add], "drop_sessions": [drop]})
    assert nyse.offset(date(2026, 1, 6), 0).seconds == 5.5 * 3600


def test_breaks_and_a_trade_date_can_be_given():
    parts = {"date": "2026-01-10", "open": "09:15", "close": "12:30", "breaks": [["10:00", "11:30"]]}
    add = {**parts, "trade_date": "2026-01-12", "source": SOURCE}
    found = with_overrides(load_calendar("NSE"), {"add_sessions": [add]}).session(date(2026, 1, 10))
    assert found is not None
    assert found.trade_date == date(2026, 1, 12)
    assert [end - start for start, end in found.breaks] == [datetime(1, 1, 1, 11, 30) - datetime(1, 1, 1, 10)]  # noqa: DTZ001  a length


@pytest.mark.parametrize(
    ("key", "entry", "said"),
    [
        ("drop_sessions", {"date": "2026-01-04"}, "drop_sessions: 2026-01-04: there is no session: Sunday"),
        ("drop_sessions", {"date": "2026-01-19"}, "there is no session: Martin Luther King Day"),
        ("drop_sessions", {"date": "2031-01-06"}, "expected a date from 2018-01-01 to 2028-12-31, which NYSE covers"),
        ("drop_sessions", {"date": "6 Jan"}, "entry 1: date: expected a date such as 2026-01-06, found '6 Jan'"),
        ("drop_sessions", {"date": "2026-01-06", "why": "x"}, "entry 1: expected date, source, found why"),
        ("drop_sessions", {"date": "2026-01-06", "source": " "}, "source: expected who says so, as text, found ' '"),
        ("early_close", {"date": "2026-01-06"}, "early_close: entry 1: close is missing"),
        ("early_close", {"date": "2026-01-06", "close": 780}, "close: expected a quoted time such as '09:30'"),
        ("early_close", {"date": "2026-01-06", "close": "16:00"}, "expected a close before 16:00, which it is already"),
        ("early_close", {"date": "2026-01-06", "close": "09:30"}, "one after the other, found 09:30 09:30"),
        ("early_close", {"date": "2026-01-04", "close": "12:00"}, "there is no session: Sunday"),
        ("add_sessions", {"date": "2026-01-06", "open": "09:30", "close": "16:00"}, "there is a session already"),
        ("add_sessions", {"date": "2026-03-08", "open": "02:30", "close": "16:00"}, "02:30 on 2026-03-08 does not exist"),
        ("add_sessions", {"date": "2026-11-01", "open": "01:30", "close": "16:00"}, "01:30 on 2026-11-01 comes twice"),
        ("add_sessions", {"date": "2026-01-10", "open": "16:00", "close": "09:30"}, "one after the other, found 16:00 09:30"),
        ("add_sessions", {"date": "2026-01-10", "open": "09:30", "close": "10:30+1d", "kind": "odd"}, "kind: expected one of half, regular, special, found 'odd'"),
        ("add_sessions", {"date": "2026-01-10", "open": "09:30", "close": "16:00", "breaks": ["12:00"]}, "breaks: expected a list of [start, end]"),
        ("add_sessions", {"date": "2026-01-11", "open": "09:30", "close": "10:30+1d"}, "2026-01-11: ends at 10:30+1d, after the session of 2026-01-12 opens at 09:30"),
        ("add_sessions", {"date": "2026-01-10", "open": "09:30", "close": "16:00", "trade_date": "2026-01-11"}, "its trade_date 2026-01-11 has no session"),
    ],
)  # fmt: skip
def test_an_override_that_cannot_be_is_one_fault_in_words(key, entry, said):
    (fault,) = faults("NYSE", {key: [{"source": "example", **entry}]})
    assert said in fault


def test_a_session_that_another_clears_with_cannot_be_dropped_alone():
    (fault,) = faults("CME_EQ", {"drop_sessions": [{"date": "2026-01-20", "source": "example"}]})
    assert fault == "2026-01-19: its trade_date 2026-01-20 has no session; drop it and add it with another"


def test_a_close_inside_a_break_is_refused():
    close = {"date": "2021-06-25", "close": "15:20", "source": "example"}
    (fault,) = faults("CME_EQ", {"early_close": [close]})
    assert "found 17:00-1d 15:15/15:30 15:20" in fault


def test_every_fault_is_told_at_once():
    twice = {"date": "2026-01-06", "source": "example"}
    told = faults(
        "NYSE",
        {
            "late_open": [],
            "drop_sessions": [twice, twice, "2026-01-07"],
            "early_close": {},
            "add_sessions": 3,
        },
    )
    assert [fault.split(":")[0] for fault in told] == [
        "expected one of add_sessions, drop_sessions, early_close, found late_open",
        "drop_sessions", "drop_sessions", "add_sessions", "early_close",
    ]  # fmt: skip
    assert told[1] == "drop_sessions: 2026-01-06: said twice; keep one"


def test_overrides_that_are_no_map_are_refused():
    assert faults("NYSE", ["2026-01-06"]) == [
        "expected a map of add_sessions, drop_sessions, early_close, found ['2026-01-06']"
    ]


def test_the_example_of_the_docs_is_taken():
    page = (Path(__file__).parents[1] / "docs" / "calendars.md").read_text(encoding="utf-8")
    example = yaml.safe_load(
        page.split("```yaml")[1].split("```")[0].replace("HH:MM", "18:15", 1).replace("HH:MM", "19:15")
    )
    for name, overrides in example["calendars"].items():
        assert with_overrides(load_calendar(name), overrides).dates
