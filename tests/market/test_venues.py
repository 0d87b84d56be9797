"""A share at several publishers: their books added up and each by itself, worked out by hand."""

import numpy as np
import pytest

from lakeflow.market.measures import Measures
from lakeflow.market.records import words
from lakeflow.market.sheets import COLUMNS

LAST, TOB, BAD, UNDEF = 128, 64, 4, 2**63 - 1
QUOTES = ("bid_price", "bid_size", "bid_count", "ask_price", "ask_size", "ask_count")


@pytest.fixture
def tell(mbo):
    """Rows of the consolidated best and of each venue's, of lines that begin with their publisher."""

    def measured(*lines, table="bbo"):
        records = np.concatenate([mbo(rest, publisher=venue) for venue, *rest in lines])
        measures = Measures(1, venues=True)
        told = [measures.apply(words(records), np.arange(len(records))), measures.finish()]
        values = np.concatenate([each[table] for each in told], axis=1)
        if table == "venue_bbo":
            return [(row[2], row[3] & 0xFFFF, tuple(row[4:])) for row in values.T.tolist()]
        names = COLUMNS[table]
        return [tuple(row[names.index(name)] for name in ("row", *QUOTES)) for row in values.T.tolist()]

    return measured


BOOKS = [
    (1, "A", "B", 1, 100, 5),
    (1, "A", "A", 2, 103, 4),
    (2, "A", "B", 1, 101, 7),
    (2, "A", "A", 2, 103, 6),
]


def test_the_best_is_over_all_publishers_and_sizes_add_up_where_prices_meet(tell):
    assert tell(*BOOKS) == [
        (0, 100, 5, 1, UNDEF, 0, 0),
        (1, 100, 5, 1, 103, 4, 1),
        (2, 101, 7, 1, 103, 4, 1),
        (3, 101, 7, 1, 103, 10, 2),
    ]


def test_each_venue_has_its_own_rows_when_its_own_best_changes(tell):
    assert tell(*BOOKS, table="venue_bbo") == [
        (0, 1, (100, 5, 1, UNDEF, 0, 0)),
        (1, 1, (100, 5, 1, 103, 4, 1)),
        (2, 2, (101, 7, 1, UNDEF, 0, 0)),
        (3, 2, (101, 7, 1, 103, 6, 1)),
    ]


def test_the_same_order_id_at_two_venues_is_two_orders(tell):
    rows = tell(*BOOKS, (2, "C", "B", 1, 101, 7), (1, "M", "B", 1, 100, 2))
    assert [row[1:4] for row in rows[4:]] == [(100, 5, 1), (100, 2, 1)]


def test_a_change_behind_the_best_of_all_is_news_of_its_venue_only(tell):
    lines = [*BOOKS, (1, "M", "B", 1, 99, 5)]
    assert [row[0] for row in tell(*lines)] == [0, 1, 2, 3]
    assert tell(*lines, table="venue_bbo")[4] == (4, 1, (99, 5, 1, 103, 4, 1))


def test_a_venue_that_clears_its_book_takes_its_own_orders_only(tell):
    rows = tell(*BOOKS, (2, "R", "N", 0, UNDEF, 0))
    assert rows[-1] == (4, 100, 5, 1, 103, 4, 1)
    assert tell(*BOOKS, (2, "R", "N", 0, UNDEF, 0), table="venue_bbo")[-1] == (
        4,
        2,
        (UNDEF, 0, 0, UNDEF, 0, 0),
    )


def test_venues_may_cross_each_other_and_neither_is_crossed(tell):
    lines = [(1, "A", "A", 2, 103, 4), (2, "A", "B", 1, 104, 7)]
    assert tell(*lines)[-1] == (1, 104, 7, 1, 103, 4, 1)
    assert tell(*lines, table="venue_bbo") == [
        (0, 1, (UNDEF, 0, 0, 103, 4, 1)),
        (1, 2, (104, 7, 1, UNDEF, 0, 0)),
    ]


def test_a_top_of_book_is_a_size_without_an_order_and_replaces_its_side(tell):
    tops = [(3, "A", "B", 0, 101, 20, LAST | TOB), (3, "A", "B", 0, 100, 9, LAST | TOB)]
    assert [row[1:4] for row in tell(*BOOKS, *tops)[4:]] == [(101, 27, 1), (101, 7, 1)]
    empty = (3, "A", "B", 0, UNDEF, 0, LAST | TOB)
    assert tell(*tops, empty, table="venue_bbo")[-1] == (2, 3, (UNDEF, 0, 0, UNDEF, 0, 0))


def test_doubt_about_one_venue_is_doubt_about_all_of_them(mbo):
    records = np.concatenate([mbo((*line[1:], LAST), publisher=line[0]) for line in BOOKS])
    records["flags"][1] |= BAD
    measures = Measures(1, venues=True)
    told = measures.apply(words(records), np.arange(4))
    assert told["bbo"][-2].tolist() == [0, 1, 1, 1]
    assert (told["venue_bbo"][3] >> 56 & 1).tolist() == [0, 1, 0, 0]


def test_a_level_that_went_before_another_venue_came_in_the_same_event_is_shown_no_longer(tell):
    lines = [(1, "A", "B", 1, 100, 5), (1, "C", "B", 1, 100, 5, 0), (2, "A", "A", 2, 103, 4)]
    assert tell(*lines)[-1] == (2, UNDEF, 0, 0, 103, 4, 1)
