"""The grid: one row for each second of a session, all groups of columns side by side."""

from typing import NamedTuple

import polars as pl

from lakeflow.truth.arrays import Floats
from lakeflow.truth.bands import bands
from lakeflow.truth.fills import heard
from lakeflow.truth.health import health
from lakeflow.truth.lasting import lasting
from lakeflow.truth.laying import laid
from lakeflow.truth.levels import levels
from lakeflow.truth.moving import causes, motion
from lakeflow.truth.pressure import pressure
from lakeflow.truth.quotes import UNIT, Quoting, quotes
from lakeflow.truth.session import Session
from lakeflow.truth.standing import flows_standing, with_standing
from lakeflow.truth.tape import tape


class Silver(NamedTuple):
    """The silver tables of one instrument for the UTC days that the session lies on, older rows first.

    `spans` has `ts_start`, `ts_end` and `kind` (halt, auction, gap), which come of the status messages and of the gaps.
    """

    bbo: pl.DataFrame
    depth: pl.DataFrame
    trades: pl.DataFrame
    flow: pl.DataFrame
    ofi: pl.DataFrame
    moves: pl.DataFrame
    anomalies: pl.DataFrame
    spans: pl.DataFrame


class Rule(NamedTuple):
    """The tick in billionths; seconds that a state counts for, and beyond which a gap's return is none; the venue's clock."""

    tick: int
    max_stale: int = 60
    max_gap: int = 60
    zone: str = "UTC"


def grid(
    silver: Silver, session: Session, rule: Rule, instrument_id: int, weights: Floats | None = None
) -> pl.DataFrame:
    """`weights` of the integrated imbalance are of training days; without them its levels count the same."""
    quoting, events = Quoting(rule.tick, rule.max_stale), heard(session.of(silver.ofi), session.rows)
    bbo, depth = (with_standing(table, session, events) for table in (silver.bbo, silver.depth))
    rows = laid(bbo, session)
    quoted = quotes(bbo, rows, quoting, events).with_columns(
        flags=pl.col("flags") | lasting(silver.bbo, silver.ofi, session)
    )
    sound = health(silver.spans, silver.anomalies, session)
    groups = [
        _named(session, rule, instrument_id),
        quoted.drop("max_gap_ns"),  # it waits for quotes, and an event may change none
        levels(depth, session, quoting, events),
        tape(silver.trades, session, rule.max_stale),
        bands(flows_standing(silver.flow, session, events), session, rule.max_stale),
        pressure(silver.ofi, session, weights),
        causes(silver.moves, bbo, session, rule.tick, rows.starts),
        motion(quoted, sound["halted"].to_numpy(), rule.tick / UNIT, rule.max_gap),
        sound,
    ]
    return pl.concat(groups, how="horizontal").with_columns(
        flow_valid=pl.col("flow_valid") & ~_in_doubt(), book_valid=_valid()
    )


def _named(session: Session, rule: Rule, instrument_id: int) -> pl.DataFrame:
    local = pl.col("ts_second").dt.convert_time_zone(rule.zone).dt.replace_time_zone(None)
    return session.times().with_columns(
        ts_local=local, instrument_id=pl.lit(instrument_id, pl.UInt32), tick=pl.lit(rule.tick / UNIT)
    )


def _in_doubt() -> pl.Expr:
    """A gap was reported in the second, or before it and not all made good when it began."""
    return pl.col("bad_book") | pl.col("bad_book").shift(1, fill_value=False) | (pl.col("seq_gaps") > 0)


def _valid() -> pl.Expr:
    """Two sides that do not cross, of a book that nothing is held against."""
    quoted = pl.col("bid_px").is_not_null() & pl.col("ask_px").is_not_null()
    return quoted & ~pl.any_horizontal("crossed", "bad_book", "halted", "gap")
