"""A book is given up by nothing but what had come until then, and what happened in a stretch decides the reason of its gap."""

import polars as pl
import pytest

from lakeflow.forecast.tables.quotes import priced, sources
from tests.polymarket.answers import fetched, parsed
from tests.polymarket.conftest import silver_of
from tests.polymarket.messages import DAY, A, B, book
from tests.polymarket.test_connections import gaps, heard, said

HOUR = 3600
SILENT = 1800


def answers(conn, first, last):
    return [(at, conn, "PONG") for at in range(first, last, 10)]


def day(*parts):
    told = sorted((each for part in parts for each in part), key=lambda each: each[0])
    return heard(*told)


def tops(frames, until=None):
    found = silver_of(frames, DAY, SILENT)["book_tops"]
    rows = found.select(found["token_id"], (found["ts_recv"].dt.epoch("ns") - 1767571200 * 10**9) / 10**9, "bid", "verify_status").rows()  # fmt: skip
    return [each for each in rows if until is None or each[1] <= until]


def test_hours_without_any_frame_are_the_capture_s_and_not_the_feed_s():
    frames = day(answers("c1", 10 * HOUR, 12 * HOUR), [(10 * HOUR + 5, "c1", book())])
    assert gaps(silver_of(frames, DAY, SILENT), "") == [
        (0, 10 * HOUR, "CAPTURE_OFF"),
        (10 * HOUR + 5, 12 * HOUR - 10, "SILENT"),
        (12 * HOUR - 10, 24 * HOUR, "CAPTURE_OFF"),
    ]


def test_a_connection_that_answers_while_another_begins_is_no_reconnect():
    one = [*answers("c2", 10 * HOUR, 10 * HOUR + 1800), (10 * HOUR + 1, "c2", book(B))]
    frames = day(one, answers("c1", 10 * HOUR, 11 * HOUR), [(10 * HOUR + 5, "c1", book())])
    found = silver_of(frames, DAY, SILENT)
    assert [each for each in gaps(found, "") if each[0] < 11 * HOUR - 10] == [(0, 10 * HOUR, "CAPTURE_OFF"), (10 * HOUR + 1790, 11 * HOUR - 10, "SILENT")]  # fmt: skip


def test_one_connection_that_ends_and_one_that_begins_are_a_reconnect_for_a_while_and_then_a_stop():
    for pause, reason in ((5, "RECONNECT"), (SILENT + 1, "CAPTURE_OFF")):
        found = silver_of(heard((0, "c1", book()), (pause, "c2", book())), DAY, SILENT)
        assert gaps(found, "")[0] == (0, pause, reason)


def test_a_book_is_given_up_when_the_silence_has_lasted_and_not_from_its_beginning():
    frames = day([(0, "c1", book())], answers("c1", 10, 2 * HOUR))
    found = silver_of(frames, DAY, SILENT)
    known = found["book_gaps"].filter(reason="SILENT")["ts_known"].dt.epoch("s").to_list()
    assert known == [1767571200 + SILENT]
    assert [(round(at), *of) for _, at, *of in tops(frames)] == [(0, 480_000, "UNVERIFIABLE"), (SILENT, None, "FORGOTTEN")]  # fmt: skip


def test_what_a_new_connection_goes_on_with_is_not_known_and_what_another_still_tells_is():
    late = [(20, "c2", said(1, 9))]
    assert tops(day([(0, "c1", book())], late), 30)[-1][2:] == (None, "NOT_BEGUN")
    both = day([(0, "c1", book())], answers("c1", 1, 40), answers("c2", 5, 20), late)
    assert tops(both, 30)[-1][2:] == (480_000, "MATCH")


def test_another_recorder_that_begins_in_the_midst_of_a_quiet_minute_ends_no_book():
    frames = day([(0, "c1", book())], answers("c1", 10, 600), [(305, "c9", said(1, 9))])
    other = frames.with_columns(capture_id=pl.when(pl.col("conn_id") == "c9").then(pl.lit("z")).otherwise("capture_id"))  # fmt: skip
    assert tops(other, 400)[-1][2:] == (480_000, "MATCH")
    quiet = other.filter((pl.col("conn_id") == "c9") | (pl.col("row") == 0))
    assert tops(quiet, 400)[-1][2:] == (480_000, "MATCH")  # nobody knows yet that the first is dead


def price(frames, at):
    """The kind of price that a snapshot takes at a second of the day."""
    made, told = silver_of(frames, DAY, SILENT), parsed(fetched({"endpoint": "x", "payload": []}))
    known = sources(
        made["book_tops"], made["book_events"].lazy(), told["rest_books"], told["trades"], made["last_trades"], told["price_points"]
    )  # fmt: skip
    asked = pl.DataFrame({"token_id": [A], "other_token_id": [B], "at": [(1767571200 + at) * 10**9]})
    cutoff = asked.select("token_id", "other_token_id", ts_cutoff=pl.from_epoch("at", "ns").dt.replace_time_zone("UTC"))  # fmt: skip
    return priced(cutoff, known)["p_kind"].item()


@pytest.mark.parametrize("until", [11 * HOUR, 11 * HOUR + 1320, 12 * HOUR])
def test_a_book_that_is_eight_minutes_old_is_a_price_whatever_comes_or_does_not_come_later(until):
    frames = day([(10 * HOUR + 1800, "c1", book()), (11 * HOUR - 480, "c1", said(1, 5))], answers("c1", 10 * HOUR + 10, 12 * HOUR))  # fmt: skip
    heard_by_then = frames.filter(frames["ts_recv"].dt.epoch("s") - 1767571200 <= until)
    assert price(heard_by_then, 11 * HOUR) == "MID"
    assert price(heard_by_then, 11 * HOUR + 900) != "MID"


SPARSE = [(0, "c1", book()), (1200, "c1", said(1, 5)), (4000, "c1", said(2, 6)), (4100, "c1", book()), (7000, "c1", book())]  # fmt: skip
OTHER = [(3000, "c2", book(B)), (3300, "c2", said(3, 7)), (3600, "c2", book()), (5000, "c3", said(4, 8, B))]
HISTORIES = {
    "one that is silent": [SPARSE],
    "two": [SPARSE, OTHER],
    "one that answers": [SPARSE, answers("c1", 10, 4200)],
    "answers that stop and come again": [SPARSE, answers("c1", 10, 900), answers("c1", 1100, 2500), OTHER],
    "answers far apart": [SPARSE, OTHER, [(at, "c2", "PONG") for at in range(3000, 9000, 290)]],
}


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("until", [0, 600, 1200, 2400, 3100, 3300, 3600, 4050, 5000, 6000])
def test_what_came_later_changes_no_state_of_a_book_before(history, until):
    whole = day(*HISTORIES[history])
    cut = whole.filter((whole["ts_recv"].dt.epoch("s") - 1767571200) <= until)
    assert tops(cut, until) == tops(whole, until)
