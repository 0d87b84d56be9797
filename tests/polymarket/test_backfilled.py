"""A price history that was fetched weeks later: filed under the days that its points are of, and known to be late."""

import json
from datetime import UTC, date, datetime

import pytest

from lakeflow.vendors.polymarket.delivery import describe
from lakeflow.vendors.polymarket.shards import day_rows
from tests.polymarket.answers import parsed

NOON = int(datetime(2026, 1, 5, 12, tzinfo=UTC).timestamp())
DAY, LATER = 86_400, int(datetime(2026, 2, 20, 9, tzinfo=UTC).timestamp()) * 10**6
HISTORY = {"history": [{"t": NOON + n * DAY, "p": 0.4 + n / 10} for n in range(3)]}


def line(endpoint="clob/prices-history", body=HISTORY):
    asked = json.dumps({"market": "11", "fidelity": 60})
    about = {
        "observed_us": LATER,
        "endpoint": endpoint,
        "url": f"/{endpoint}",
        "params": asked,
        "status": 200,
    }
    return about | {"body": json.dumps(body)}


def bronze(folder, day, each, as_of=None):
    path = folder / f"late-{day}.jsonl"
    head = {"shard": "polymarket/fetch/1", "day": day, "capture": "a", "late": True}
    path.write_text("".join(json.dumps(one) + "\n" for one in (head, each)))
    return dict(day_rows([path], as_of))


@pytest.mark.parametrize(("day", "price"), [("2026-01-05", 400_000), ("2026-01-06", 500_000)])
def test_of_a_late_history_a_day_has_the_points_that_are_of_it(tmp_path, day, price):
    found = parsed(bronze(tmp_path, day, line())["fetches"], [], None, date.fromisoformat(day))
    assert found["price_points"]["price"].to_list() == [price]
    assert found["quarantine"].select("reason", "detail").rows() == [
        ("OTHER_DAY", f"2 points are of other days than {day}: file the answer under each of them")
    ]


def test_what_lists_said_late_was_not_known_on_the_day(tmp_path):
    found = bronze(tmp_path, "2026-01-05", line("gamma/markets", []))
    assert found["fetches"].is_empty()
    assert found["quarantine"]["reason"].to_list() == ["OTHER_DAY"]


def test_a_lake_as_of_an_instant_has_no_history_that_was_fetched_later(tmp_path):
    found = bronze(tmp_path, "2026-01-05", line(), datetime(2026, 1, 31, tzinfo=UTC))
    assert found["fetches"].is_empty()


def test_a_bare_history_is_filed_under_the_day_that_is_said_of_it(tmp_path):
    path = tmp_path / "history.20260220T090000Z.json"
    path.write_text(json.dumps(HISTORY))
    said = {"day": "2026-01-06", "url": "https://clob.example/prices-history?market=11&fidelity=60"}
    assert describe(path, said)[0].dt == "2026-01-06"
    path.with_name(f"{path.name}.about.json").write_text(json.dumps(said))
    fetches = dict(day_rows([path], None))["fetches"]
    assert parsed(fetches, [], None, date(2026, 1, 6))["price_points"]["price"].to_list() == [500_000]
