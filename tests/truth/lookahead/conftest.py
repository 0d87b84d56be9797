"""Days of a market whose force pushes the next change, so that something can be told; and a grid of noise."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from lakeflow.truth.lookahead.days import Day, inputs
from lakeflow.truth.lookahead.labels import Quoted, labels
from lakeflow.truth.pressure import LEVELS

ROWS = 400
HORIZONS = (1, 5)
FLAGS = ("halted", "auction", "gap")
WHOLE = ("add", "can", "fil", "depth_end")


def day(seed: int, shuffled: bool = False, rows: int = ROWS) -> Day:
    rng = np.random.default_rng(seed)
    force = rng.normal(size=rows)
    change = np.concatenate([[0.0], np.round(force[:-1] + rng.normal(size=rows - 1) / 2)])
    quoted = Quoted(4000 + np.cumsum(change), np.zeros(rows, np.int64), np.zeros(rows, bool))
    ahead = np.column_stack([labels(quoted, h, 1) for h in HORIZONS])
    if shuffled:
        ahead = rng.permutation(ahead)
    levels = np.repeat(force[:, None], 30, axis=1) + rng.normal(size=(rows, 30)) / 4
    own = np.column_stack([change, rng.normal(size=(rows, 1)), np.zeros((rows, 3))])
    return Day(
        f"d{seed:02d}",
        86_400 * seed + np.arange(rows),
        own.astype(np.float32),
        levels.astype(np.float32),
        change,
        rng.normal(size=rows),
        force,
        np.full(rows, 0.5),
        ahead,
    )


@pytest.fixture
def made() -> Callable[..., Day]:
    return day


@pytest.fixture(scope="session")
def twenty() -> list[Day]:
    return [day(seed) for seed in range(20)]


@pytest.fixture(scope="session")
def shuffled() -> list[Day]:
    return [day(seed, shuffled=True) for seed in range(20)]


def noise(day: date, rows: int = 1500) -> pl.DataFrame:
    """From 09:20 in New York on; every column that features are made of, of noise."""
    rng = np.random.default_rng(day.toordinal())
    start = datetime(day.year, day.month, day.day, 14, 20, tzinfo=UTC)
    times = pl.datetime_range(start, start + timedelta(seconds=rows - 1), "1s", time_unit="ns", eager=True)
    noise = {name: rng.random(rows) for name in inputs()}
    lots = [name for name in noise if name.startswith((*(f"{what}_b_" for what in WHOLE), "dmid_", "signed"))]
    lots += [f"ofi_{level}" for level in range(1, LEVELS + 1)]
    whole = {name: rng.integers(-9, 9, rows) for name in lots}
    mid = 6000 + np.cumsum(rng.choice([-0.25, 0.0, 0.25], rows))
    own = {"ts_second": times, "ts_local": times.dt.replace_time_zone(None), "mid": mid}
    own |= {"tick": np.full(rows, 0.25), "mid_age_s": np.zeros(rows, np.int64)}
    shut = dict.fromkeys(FLAGS, np.zeros(rows, bool))
    return pl.DataFrame(
        {"dt": [day] * rows, **(noise | whole | own | shut), "regime_rt": np.zeros(rows, np.int8)}
    )


@pytest.fixture(scope="session")
def grid() -> Callable[..., pl.DataFrame]:
    return noise
