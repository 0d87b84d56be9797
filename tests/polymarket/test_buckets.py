"""When a price of a history was known, where nobody says how long its buckets are: never before it can have been."""

import json

import pytest

from lakeflow.forecast.tables.repeats import POINT, unseen
from tests.polymarket.answers import fetched, parsed, points

START, HOUR = 1_767_500_400, 3_600


def known(*times, **params):
    body = {"history": [{"t": t, "p": 0.5} for t in times]}
    asked = {
        "endpoint": "clob/prices-history",
        "params": json.dumps({"market": "11"} | params),
        "payload": body,
    }
    found = parsed(fetched(asked))
    assert found["quarantine"].is_empty()
    return found["price_points"]["resolution_s"].to_list()


@pytest.mark.parametrize(("fidelity", "seconds"), [(1, 60), ("60", 3600), (720, 43_200)])
def test_the_request_says_how_long_a_bucket_is_in_minutes(fidelity, seconds):
    assert known(START, START + 60, fidelity=fidelity) == [seconds, seconds]


@pytest.mark.parametrize("params", [{}, {"fidelity": None}, {"fidelity": ""}, {"interval": "max"}])
def test_a_request_that_does_not_say_it_has_buckets_as_long_as_its_points_lie_apart(params):
    assert known(*(START + n * 12 * HOUR for n in range(4)), **params) == [12 * HOUR] * 4


def test_points_that_are_not_on_a_grid_have_buckets_of_whole_minutes():
    assert known(START, START + 3598, START + 7201, START + 10_799, START + 10_950) == [3600] * 5


def test_a_point_alone_is_known_since_it_was_fetched():
    assert known(START) == [1_767_600_000 - START]


def test_the_same_points_of_two_windows_are_there_once():
    first, second = (
        {"history": [{"t": START + n * HOUR, "p": 0.5} for n in span]} for span in ((0, 1, 2), (2, 3, 4))
    )
    asked = {"endpoint": "clob/prices-history", "params": '{"market": "11"}'}
    found = parsed(fetched(asked | {"payload": first}, asked | {"payload": second}))
    assert found["price_points"].height == 5


@pytest.mark.parametrize(
    ("apart", "seconds"), [(12 * HOUR, 12 * HOUR), (58, 60), (62, 60), (60, 60), (600, 600)]
)
def test_a_service_that_answers_in_longer_buckets_than_were_asked_for_is_believed(apart, seconds):
    """L6: of closed markets fine points are gone, whatever `fidelity` says."""
    assert known(*(START + n * apart for n in range(4)), fidelity=1) == [seconds] * 4


def test_a_point_that_two_days_fetch_is_of_the_first_and_one_said_otherwise_is_told():
    """Edge 30 over days: windows overlap, and a price that was corrected is another row."""
    first, second = (
        parsed(fetched(points(*((START + n * 60, p, 60) for n, p in said))))["price_points"]
        for said in ([(0, "0.4"), (1, "0.5")], [(0, "0.4"), (1, "0.6"), (2, "0.7")])
    )
    assert unseen(second, first.lazy(), POINT)["price"].to_list() == [600_000, 700_000]
