"""A burst is no bad tick: what is masked as a jump is the five spikes of a session of twenty bursts, and no second of a burst."""

import numpy as np

from lakeflow.market.measures import Measures
from lakeflow.market.records import words
from lakeflow.market.sheets import COLUMNS

TICK, S = 25, 10**9
DAY = 1_767_657_600
ROWS, EVERY, JUMP = 2000, 100, 1 << 4
SPIKES = (85, 485, 885, 1285, 1685)


def steps():
    """The bid in ticks at every second: a quiet market, and every hundred seconds ten seconds of five ticks each."""
    in_burst = np.arange(ROWS) % EVERY >= EVERY - 10
    way = np.where(np.arange(ROWS) // EVERY % 2, -1, 1)
    return 4000 + np.cumsum(np.where(in_burst, 5 * way, 0)) + np.arange(ROWS) % 2, in_burst


def session(mbo):
    bids, in_burst = steps()
    timed = [(0.0, ("A", "B", 1, int(bids[0]) * TICK, 5)), (0.0, ("A", "A", 2, int(bids[0] + 1) * TICK, 5))]
    for second, bid in enumerate(bids.tolist()):
        prices = [(second, bid + 40), (second + 0.5, bid)] if second in SPIKES else [(second, bid)]
        for at, level in prices:
            timed += [(at, ("M", "B", 1, level * TICK, 5, 0)), (at, ("M", "A", 2, (level + 1) * TICK, 5))]
    records = mbo(*(line for _, line in timed))
    records["ts_recv"] = records["ts_event"] = [DAY * S + int(at * S) for at, _ in timed]
    return records, in_burst


def test_five_spikes_are_masked_and_no_second_of_twenty_bursts(mbo):
    records, in_burst = session(mbo)
    measures = Measures(TICK)
    parts = measures.apply(words(records), np.arange(len(records))), measures.finish()
    second, flags = (COLUMNS["depth"].index(name) for name in ("ts_second", "flags"))
    rows = np.concatenate([part["depth"] for part in parts], axis=1)
    masked = np.zeros(ROWS, bool)
    masked[rows[second][rows[flags] & JUMP != 0] // S - DAY] = True
    assert np.flatnonzero(masked).tolist() == [spike + 2 for spike in SPIKES]
    assert masked[in_burst].mean() <= masked.mean() + 0.005
