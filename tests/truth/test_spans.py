"""Halts and auctions by status, days that are not there, and the seam between two days."""

import numpy as np
import polars as pl
import pytest

from lakeflow.market.circumstances import AUCTION, HALTED, Circumstances
from lakeflow.truth.laying import laid
from lakeflow.truth.moving import seams
from lakeflow.truth.session import DAY_NS, SECOND, Session
from lakeflow.truth.spans import Delivered, Stretch, spans

DAY = 20_458  # 2026-01-05
GLOBEX = Session(DAY * DAY_NS + 82_800 * SECOND, (DAY + 1) * DAY_NS + 79_200 * SECOND)
NOTHING = np.array([0])
ALWAYS = (NOTHING, NOTHING)


def at(second):
    return GLOBEX.open_ns + second * SECOND


def found(phases, days, stretches=()):
    rows = (
        spans(Circumstances(*phases, NOTHING, NOTHING, NOTHING), Delivered(days, stretches), GLOBEX)
        .with_columns(pl.col("ts_start", "ts_end").dt.epoch("ns"))
        .rows()
    )
    return [
        ((start - GLOBEX.open_ns) // SECOND, (end - GLOBEX.open_ns) // SECOND, kind)
        for start, end, kind in rows
    ]


def test_a_status_holds_until_the_next_or_the_close():
    since = np.array([0, at(-5), at(10), at(20), at(80_000)])
    bits = np.array([0, AUCTION, 0, HALTED, HALTED | AUCTION])
    told = [(20, 80_000, "halt"), (80_000, 82_800, "halt"), (0, 10, "auction"), (80_000, 82_800, "auction")]
    assert found((since, bits), {DAY, DAY + 1}) == told


@pytest.mark.parametrize(
    ("days", "gaps"),
    [({DAY}, [(3_600, 82_800, "gap")]), ({DAY + 1}, [(0, 3_600, "gap")]), ({DAY, DAY + 1}, [])],
)
def test_the_part_of_a_session_on_a_day_that_is_not_there_is_a_gap(days, gaps):
    assert found(ALWAYS, days) == gaps


def stretch(start, end, dataset="GLBX.MDP3"):
    return Stretch(at(start), at(end), dataset)


def test_what_the_files_of_a_day_do_not_hold_is_a_gap():
    stretches = [stretch(3_610, 3_700), stretch(3_600, 3_602), stretch(3_690, 5_000)]
    assert found(ALWAYS, {DAY, DAY + 1}, stretches) == [(3_602, 3_610, "gap"), (5_000, 82_800, "gap")]
    assert found(ALWAYS, {DAY, DAY + 1}, [stretch(3_600, 3_600)]) == [(3_600, 82_800, "gap")]
    assert found(ALWAYS, {DAY, DAY + 1}, [stretch(-82_800, 3_600), stretch(3_600, 90_000)]) == []


def test_of_a_share_of_two_datasets_only_what_both_hold_is_known():
    stretches = [stretch(3_600, 90_000, "XNAS.ITCH"), stretch(4_000, 90_000, "XNYS.PILLAR")]
    assert found(ALWAYS, {DAY, DAY + 1}, stretches) == [(3_600, 4_000, "gap")]


def quoted(seconds, bids):
    times = pl.Series([at(second) for second in seconds]).cast(pl.Datetime("ns", "UTC"))
    return pl.DataFrame({"ts_recv": times, "bid_price": bids, "ask_price": [bid and bid + 2 for bid in bids]})


def seam(bbo):
    return seams(bbo, laid(bbo, GLOBEX).starts, GLOBEX.midnights, 2)


def test_what_the_mid_did_between_two_days_is_at_the_first_whole_quote_of_the_second():
    out = seam(quoted([5, 3_599, 3_600, 3_607, 3_608], [100, 104, None, 110, 120]))
    assert np.flatnonzero(out).tolist() == [3_607]
    assert out[3_607] == 110 // 2 + 112 // 2 - 104 // 2 - 106 // 2


def test_there_is_no_seam_without_a_quote_on_both_days():
    for seconds in ([5, 10], [3_700, 3_800]):
        assert not seam(quoted(seconds, [100, 104])).any()
