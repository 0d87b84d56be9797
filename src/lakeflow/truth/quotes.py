"""The best bid and offer at the end of every second, from the `bbo` table."""

from typing import Any, NamedTuple

import numpy as np
import polars as pl

from lakeflow.truth import book
from lakeflow.truth.arrays import Bools, Ints, plain
from lakeflow.truth.compiled import kernel
from lakeflow.truth.fills import NONE, Seen, see_rows, since
from lakeflow.truth.laying import Laid

UNIT = 1e9  # prices are whole billionths
# Bits that say how the book stands, and so hold until a row says otherwise: crossed (two), locked, one-sided, bad, halted, auction.
STANDING = 0b11_0000_0000_0110_0000_0111
PAIR = ["bid_price", "ask_price"]


class Quoting(NamedTuple):
    """The tick in billionths, and how many seconds a quote counts for."""

    tick: int
    max_stale: int = 60


def quotes(bbo: pl.DataFrame, rows: Laid, rule: Quoting, events: Bools) -> pl.DataFrame:
    """A side that is empty is null. The mid is the last one that had two sides, with its own `obs` and age.

    `events` are the seconds with an event of the book: one that changes no quote says that the last one still stands.
    """
    last = see_rows(rows.starts).confirmed(events)
    parts = [_best(bbo, last, rule), _mid(bbo, rows.starts, last, rule), _within(bbo, rows, last)]
    return pl.concat(parts, how="horizontal")


def _best(bbo: pl.DataFrame, last: Seen, rule: Quoting) -> pl.DataFrame:
    names = [f"{side}_{what}" for side in ("bid", "ask") for what in ("price", "size", "count")]
    held = last.frame(bbo.select(names), rule.max_stale)
    ticks = (pl.col("ask_price") - pl.col("bid_price")).cast(pl.Float64) / rule.tick
    return (
        held.select(
            bid_px=pl.col("bid_price") / UNIT,
            ask_px=pl.col("ask_price") / UNIT,
            bid_sz=pl.col("bid_size").cast(pl.Int64),
            ask_sz=pl.col("ask_size").cast(pl.Int64),
            bid_ct=pl.col("bid_count").cast(pl.Int64),
            ask_ct=pl.col("ask_count").cast(pl.Int64),
            spread_ticks=ticks,
            off_tick=pl.any_horizontal(pl.col(*PAIR) % rule.tick != 0).fill_null(value=False),
        )
        .with_columns(
            microprice=book.microprice(),
            qi_1=book.imbalance(pl.col("bid_sz"), pl.col("ask_sz")),
            locked=(pl.col("spread_ticks") == 0).fill_null(value=False),
            crossed=(pl.col("spread_ticks") < 0).fill_null(value=False),
        )
        .with_columns(quote_obs=pl.Series(last.obs), quote_age_s=last.ages())
    )


def _mid(bbo: pl.DataFrame, starts: Ints, last: Seen, rule: Quoting) -> pl.DataFrame:
    seen = _of_both(bbo, starts, last)
    bid, ask = seen.frame(bbo.select(PAIR), rule.max_stale)
    return pl.DataFrame(
        {
            "mid": (bid + ask) / (2 * UNIT),
            "mid_half_ticks": bid // rule.tick + ask // rule.tick,
            "mid_obs": seen.obs,
            "mid_age_s": seen.ages(),
        }
    )


def _of_both(bbo: pl.DataFrame, starts: Ints, last: Seen) -> Seen:
    """The last row of two sides at the end of each second. It is seen again while it stands, not while a side is empty."""
    if not any(bbo[name].null_count() for name in PAIR):
        return last
    both = two_sided(bbo)
    row, obs = np.full(len(last.row), NONE), np.zeros(len(last.row), np.bool_)
    last_of(plain(starts), plain(both), row, obs)
    whole = (last.row != NONE) & both[last.row]
    return Seen(row, obs, since(obs)).confirmed(last.obs & whole)


def two_sided(bbo: pl.DataFrame) -> Bools:
    """Which rows have a bid and an ask."""
    both: Bools = bbo.select(pl.all_horizontal(pl.col(PAIR).is_not_null())).to_series().to_numpy()
    return both


def _within(bbo: pl.DataFrame, laid: Laid, last: Seen) -> pl.DataFrame:
    """What rows of a second add up to: bits that were set, and the longest wait for an event that ended in it."""
    rows = len(last.row)
    flags = np.zeros(rows, np.uint32)
    flag_up(plain(laid.starts), plain(bbo["flags"].to_numpy()), np.uint32(STANDING), flags)
    suspect = last.series(bbo["suspect"], rows).fill_null(value=False)
    gaps = reported(bbo["suspect"].to_numpy(), laid.starts)
    return pl.DataFrame({"bad_book": suspect, "flags": flags, "max_gap_ns": laid.waits, "seq_gaps": gaps})


def reported(suspect: Bools, starts: Ints) -> Ints:
    """How often in every second a book that was sound became doubtful: once for every gap that the feed reports of one."""
    if not suspect.any():
        return np.zeros(len(starts) - 1, np.int64)
    begins = np.concatenate(
        [[False, False], suspect[1:] & ~suspect[:-1]]
    )  # of the row before the first nothing is known
    before = np.cumsum(begins, dtype=np.int64)
    return np.asarray(np.diff(before[starts]), np.int64)


@kernel
def last_of(starts: Any, wanted: Any, out_row: Any, out_obs: Any) -> None:
    """The last wanted row up to the end of every second, and whether the second has one."""
    row = -1
    for second in range(len(out_row)):
        at = starts[second + 1] - 1
        while at >= starts[second] and not wanted[at]:
            at -= 1
        if at >= starts[second]:
            row, out_obs[second] = at, True
        out_row[second] = row


@kernel
def flag_up(starts: Any, flags: Any, standing: Any, out: Any) -> None:
    # on: the standing bits of the row before this second
    on = np.uint32(0)
    for second in range(len(out)):
        bits = on
        for at in range(starts[second], starts[second + 1]):
            bits |= flags[at]
        if starts[second + 1] > starts[second]:
            on = flags[starts[second + 1] - 1] & standing
        out[second] = bits
