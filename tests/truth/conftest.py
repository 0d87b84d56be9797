"""A session of sixty seconds with tables whose times are its seconds, and the silver tables of one of twenty-five minutes."""

import numpy as np
import polars as pl
import pytest

from lakeflow.truth.grid import Silver
from lakeflow.truth.session import SECOND, Session

OPEN = 1_767_623_400 * SECOND
ROWS, TICK = 1500, SECOND // 4
AT = [n for n in range(ROWS) if n % 97 or n % 2]


def stamped(name, seconds, **columns):
    """A silver table: `name` is its column of times, given in seconds of the session."""
    times = pl.Series([OPEN + round(second * SECOND) for second in seconds], dtype=pl.Int64)
    return pl.DataFrame({name: times.cast(pl.Datetime("ns", "UTC")), **columns})


def counted(name, seconds, **columns):
    """The same with the second that each row counts in."""
    return stamped(name, seconds, **columns).with_columns(ts_second=pl.col(name).dt.truncate("1s"))


def never():
    return pl.Series([None] * len(AT), dtype=pl.Datetime("ns", "UTC"))


@pytest.fixture
def session():
    return Session(OPEN, OPEN + 60 * SECOND)


@pytest.fixture
def table():
    return stamped


def bbo(rng):
    """The bid walks by ticks, leaps at 700 and 1200; the offer is wide from 900 on for a while."""
    steps = rng.choice([-1, 0, 0, 0, 1], len(AT))
    for start in (700, 1200):
        steps[start : start + 10] = 10
    bid = 24_000 + np.cumsum(steps)
    ask = bid + np.where((np.array(AT) >= 900) & (np.array(AT) < 920), 4, 1)
    lots = {name: rng.integers(1, 90, len(AT)) for name in ("bid_size", "bid_count", "ask_size", "ask_count")}
    return counted(
        "ts_recv",
        AT,
        bid_price=bid * TICK,
        ask_price=ask * TICK,
        **lots,
        suspect=[False] * len(AT),
        flags=[0] * len(AT),
    )


def flow(rng):
    parts = []
    for side in "BA":
        for band in ("touch", "near", "deep"):
            added, cancelled = rng.integers(0, 30, len(AT)), rng.integers(0, 30, len(AT))
            end = 2000 + np.cumsum(added - cancelled)
            end[np.searchsorted(AT, 900) : np.searchsorted(AT, 915)] = 60
            start = np.concatenate([[2000], end[:-1]])
            counts = {name: np.ones(len(AT), np.int64) for name in ("adds", "cancels", "fills", "modifies")}
            lots = {
                "add": np.maximum(end - start, 0),
                "cancel": np.maximum(start - end, 0),
                "fill": 0 * end,
                "shift": 0 * end,
            }
            keys = {"side": [side] * len(AT), "band": [band] * len(AT)}
            parts.append(
                stamped(
                    "ts_second",
                    AT,
                    **keys,
                    depth_start=start,
                    depth_end=end,
                    **lots,
                    modified=0 * end,
                    **counts,
                )
            )
    return pl.concat(parts).sort("ts_second", maintain_order=True)


@pytest.fixture(scope="session")
def silver() -> Silver:
    rng = np.random.default_rng(11)
    best = bbo(rng)
    total = (best["bid_price"] + best["ask_price"]).to_numpy() // TICK
    half = np.diff(total, prepend=total[:1])
    ten = {f"{side}_size_{n}": rng.integers(1, 99, len(AT)) for side in ("bid", "ask") for n in range(1, 11)}
    sums = {
        f"{side}_lots_{reach}": rng.integers(990, 1999, len(AT))
        for side in ("bid", "ask")
        for reach in ("20", "10t")
    }
    ofi = {f"ofi_{n}": rng.integers(-9, 9, len(AT)) for n in range(1, 11)} | {
        f"size_sum_{n}": rng.integers(1, 99, len(AT)) for n in range(1, 11)
    }
    ofi |= {name: never() for name in ("ts_snapshot", "ts_px_jump", "ts_px_move")}
    ofi["max_wait_ns"] = rng.integers(0, 2 * SECOND, len(AT))
    nothing = {f"from_{cause}": 0 * half for cause in ("cancel", "add", "modify", "reset")}
    trades = {
        "price": best["bid_price"],
        "size": rng.integers(1, 9, len(AT)),
        "sign": rng.choice([-1, 0, 1], len(AT)),
        "sign_method": ["side"] * len(AT),
    }
    return Silver(
        best,
        stamped("ts_second", AT, **ten, **sums),
        counted("ts_recv", AT, **trades),
        flow(rng),
        stamped("ts_second", AT, **ofi, events=np.ones(len(AT), np.int64)),
        counted("ts_recv", AT, from_trade=half, **nothing),
        stamped("ts_minute", [60, 600], **{"class": ["orphan"] * 2, "count": [1, 2]}),
        stamped("ts_start", [1400], ts_end=stamped("x", [1410])["x"], kind=["halt"]),
    )
