"""Two answers at one instant: what they say alike is one row, what they say otherwise is named, and nothing is gone unsaid."""

import pytest

from tests.polymarket.answers import MARKET, C, fetched, page, parsed
from tests.polymarket.test_bare import BOOK


def at_once(*answers):
    """Answers that came at the same instant."""
    return parsed(fetched(*answers).with_columns(ts_observed=fetched(answers[0])["ts_observed"].first()))


LISTED = {"endpoint": "gamma/markets"}
BOOKED = {"endpoint": "clob/book"}


@pytest.mark.parametrize(
    ("table", "one", "other"),
    [
        ("sightings", LISTED | {"payload": [MARKET]}, LISTED | {"payload": [MARKET | {"volumeNum": 5}]}),
        ("rest_books", BOOKED | {"payload": BOOK}, BOOKED | {"payload": BOOK | {"asks": []}}),
        ("open_interest", {"endpoint": "data/oi", "payload": {"data": [{"condition_id": C, "value": 1}]}},
         {"endpoint": "data/oi", "payload": {"data": [{"condition_id": C, "value": 2}]}}),
    ],
)  # fmt: skip
def test_what_is_said_otherwise_at_the_same_instant_is_named(table, one, other):
    found = at_once(one, other)
    assert found[table].height == 1
    assert found["quarantine"].select("meant_for", "reason").rows() == [(table, "REPEATED")]
    alike = at_once(one, one)
    assert (alike[table].height, alike["quarantine"].height) == (1, 0)


def test_events_that_list_a_market_each_as_their_own_say_nothing_otherwise():
    events = [
        {"id": number, "ticker": "t", "tags": [{"slug": number}], "markets": [MARKET]}
        for number in ("8", "9")
    ]
    found = at_once({"endpoint": "gamma/events", "payload": events})
    assert found["sightings"]["event_ids"].to_list() == [["8", "9"]]
    assert found["quarantine"].is_empty()


@pytest.mark.parametrize("markets", [None, "", 0, {"a": 1}, ...])
def test_an_event_without_a_list_of_markets_is_named(markets):
    event = {"id": "9", "ticker": "t"} | ({} if markets is ... else {"markets": markets})
    found = parsed(fetched({"endpoint": "gamma/events/keyset", "payload": {"events": [event]}}))
    assert found["quarantine"]["reason"].to_list() == ["NO_ID"]


def test_a_lone_market_without_its_condition_is_named():
    found = parsed(fetched({"endpoint": "gamma/markets/1", "payload": {"id": "1", "events": [{"id": "9"}]}}))
    assert found["quarantine"]["reason"].to_list() == ["NO_ID"]


def test_a_page_of_one_market_is_one_row():
    assert parsed(fetched(page(0, MARKET)))["sightings"].height == 1
