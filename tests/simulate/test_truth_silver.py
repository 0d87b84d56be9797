"""The silver stage says row for row what the simulator's own account says, on days of every hazard."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lakeflow.simulate.contracts import listed
from lakeflow.simulate.day import write_day
from lakeflow.simulate.equity_day import CENT, SEVERAL, instrument_of, write_equity_day
from lakeflow.simulate.truth.account import Account, together
from lakeflow.vendors.databento.records import records
from stages.bronze.databento import normalise
from stages.silver.levels import after_events as levels
from stages.silver.replay import tables
from stages.silver.venues import tables as venues

DAY = date(2026, 1, 6)
Frames = dict[str, pl.DataFrame]
Stage = Callable[..., Iterator[Frames]]
FLAGS = ("flags", "ts_px_jump", "ts_px_move")
TABLES = ("anomalies", "bbo", "depth", "flow", "moves", "ofi", "trades")


def silver(files: list[Path], parent: str, symbol: str, product_type: str) -> Frames:
    """What the stages make of the files, flags left out."""
    return together(streamed(files, parent, symbol, product_type))


def pieces(stage: Stage, files: list[Path], parent: str, symbol: str, product_type: str) -> Iterator[Frames]:
    """What a stage makes of the files; the reference files are read first, the orders last."""
    beside: dict[str, list[pl.DataFrame]] = {"definition": [], "status": []}
    for made in normalise(files[1:], parent, DAY, product_type):
        for name in beside.keys() & made.keys():
            beside[name].append(made[name])
    orders = (
        made["orders"].filter(pl.col("symbol").cast(pl.String) == symbol).drop("symbol")
        for made in normalise(files, parent, DAY, product_type)
        if "orders" in made
    )
    definition, status = (pl.concat(beside[name]) for name in ("definition", "status"))
    yield from stage(orders, definition, status, symbol, {} if product_type == "future_mbo" else {"*": 0.01})


def streamed(files: list[Path], *place: str) -> Iterator[Frames]:
    """What the replay makes of the files, piece by piece, flags left out."""
    for frames in pieces(tables, files, *place):
        yield {name: frames[name].drop(FLAGS, strict=False) for name in TABLES if name in frames}


def digest(made: Iterator[Frames]) -> dict[str, tuple[int, str]]:
    """Of each table how many rows it has, and a number that any difference would change."""
    rows, sums = dict.fromkeys(TABLES, 0), {name: hashlib.sha256() for name in TABLES}
    for frames in made:
        for name, frame in ((name, frames[name]) for name in TABLES if name in frames):
            rows[name] += frame.height
            sums[name].update(frame.hash_rows().to_numpy().tobytes())
    return {name: (rows[name], sums[name].hexdigest()) for name in TABLES}


def truth(file: Path, instrument_id: int, tick: int) -> Frames:
    """The account of the same file's records, read as they lie there."""
    own = Account(tick)
    return together([*followed(own, file, instrument_id), own.finish()])


def followed(own: Account, file: Path, instrument_id: int) -> Iterator[Frames]:
    read = 0
    for rows in records(file, "mbo"):
        mine = np.flatnonzero(rows["instrument_id"] == instrument_id)
        yield own.follow(rows[mine], mine + read)
        read += len(rows)


def differences(one: Frames, other: Frames) -> dict[str, str]:
    """Of each table that differs the first row that does, as each side has it."""
    found = {}
    for name in TABLES:
        a, b = one[name], other.get(name, one[name].clear())
        if a.schema == b.schema and a.equals(b):
            continue
        least = min(a.height, b.height)
        unlike = pl.any_horizontal(
            a[:least][each].ne_missing(b[:least][each]).alias(each) for each in a.columns
        )
        at = next(iter(a[:least].select(unlike.arg_true()).to_series()), least)
        found[name] = (
            f"{a.height} and {b.height} rows; row {at}: {a[at : at + 1].to_dicts()} and {b[at : at + 1].to_dicts()}"
        )
    return found


@pytest.mark.parametrize(("events", "seed"), [(180_000, 1), (4_000, 2), (4_000, 3)])
def test_the_stage_says_of_every_contract_what_the_account_says(tmp_path, events, seed):
    files = write_day(tmp_path, "ES", DAY, events, seed, hazards="all")  # the shorter, the denser its hazards
    for each in listed("ES", DAY):
        made = silver(files, "ES", each.symbol, "future_mbo")
        assert differences(truth(files[0], each.instrument_id, each.tick), made) == {}
        assert made["bbo"].height > 30


@pytest.mark.parametrize("publishers", [(2,), SEVERAL])
def test_the_stage_says_of_a_share_what_the_account_says(tmp_path, publishers):
    files = write_equity_day(tmp_path, "NVDA", DAY, 100_000, 1, publishers=publishers, hazards="all")
    made = silver(files, "NVDA", "NVDA", "equity_mbo")
    assert differences(truth(files[0], instrument_of("NVDA"), CENT), made) == {}
    assert all(made[name].height for name in TABLES)


def test_levels_after_every_event_are_those_of_the_account(tmp_path):
    files, front = write_day(tmp_path, "ES", DAY, 30_000, 4, hazards="all"), listed("ES", DAY)[0]
    told_of = pieces(levels, files, "ES", front.symbol, "future_mbo")
    made = pl.concat(frames["mbp"] for frames in told_of if "mbp" in frames).drop("flags")
    own = Account(front.tick, leveled=True)
    assert made.height > 3_000
    assert made.equals(together(followed(own, files[0], front.instrument_id))["mbp"])


def test_the_stage_says_of_each_venue_what_an_account_of_it_alone_says(tmp_path):
    files = write_equity_day(tmp_path, "NVDA", DAY, 30_000, 1, publishers=SEVERAL, hazards="all")
    told_of = pieces(venues, files, "NVDA", "NVDA", "equity_mbo")
    made = pl.concat(frames["venue_bbo"] for frames in told_of if "venue_bbo" in frames)
    rows = np.concatenate(list(records(files[0], "mbo")))
    for publisher in SEVERAL:
        own, mine = Account(CENT), np.flatnonzero(rows["publisher_id"] == publisher)
        told = own.follow(rows[mine], mine)["bbo"].drop("ts_second")
        assert made.filter(pl.col("publisher_id") == publisher).drop("publisher_id").equals(told)


@pytest.mark.soak
def test_the_stage_says_of_twenty_million_records_what_the_account_says(tmp_path):
    files = write_day(tmp_path, "ES", DAY, events=18_500_000, seed=3, hazards="all")
    front = listed("ES", DAY)[0]
    own = Account(front.tick)
    told = digest(chain(followed(own, files[0], front.instrument_id), map(Account.finish, [own])))
    assert told == digest(streamed(files, "ES", front.symbol, "future_mbo"))
    assert all(rows > 50 for rows, _ in told.values())
