"""Which contract of a root each session is about, and which sessions are left out, with the reason."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal, Protocol

import polars as pl

from lakeflow.calendar import Calendar, load_calendar
from lakeflow.market.choice_rows import carried, in_words, told
from lakeflow.market.choosing import Before, Contract, State, Terms, choose
from lakeflow.market.expiring import quarterly_expiry

CHOSEN = {
    "selected_symbol": pl.String, "instrument_id": pl.UInt32, "expiration": pl.Date, "basis": pl.String, "decision": pl.String,
    "prev_session_date": pl.Date, "prev_volume_selected": pl.Int64, "prev_symbol_rank2": pl.String,
    "prev_volume_rank2": pl.Int64, "oi_selected": pl.Int64, "premarket_trades": pl.Int64, "premarket_volume": pl.Int64,
    "is_roll": pl.Boolean, "days_to_expiry": pl.Int32, "leading_symbol": pl.String, "leading_days": pl.Int32,
    "is_half_day": pl.Boolean,
}  # fmt: skip
KEPT = {**CHOSEN, "quality": pl.String, "why": pl.String}
LEFT_OUT = {"reason": pl.String, **CHOSEN, "why": pl.String}
WORDS = {
    "holiday": "the regular session is closed",
    "half_day_excluded": "a half day, and these are not kept",
    "no_data": "nothing of the day is in the lake before the regular open",
    "no_candidate": "no contract is listed that does not expire first",
    "no_premarket": "the contract chosen has no trade in the window before the regular open",
}


class Hours(Protocol):
    """A session, as far as it matters here."""

    kind: str
    trade_date: date


def choose_contract(  # noqa: PLR0913  a stage's arguments are its reads and its params
    premarket: pl.DataFrame,
    volumes: pl.DataFrame,
    before: pl.DataFrame | None,
    left_out: pl.DataFrame | None,
    symbol: str,
    dt: date,
    session: Hours,
    *,
    basis: Literal["v", "n", "c"],
    confirm_days: int,
    force_days: int,
    force_days_of: Mapping[str, int],
    min_days: int,
    forward_only: bool,
    min_premarket_trades: int,
    thin_trades: int,
    keep_half_days: bool,
    regular_calendar: str,
    overrides: Mapping[str, str],
) -> dict[str, pl.DataFrame]:
    """One row, in one of the two tables: the contract, or why the session is left out.

    `force_days_of` is for roots that are delivered and left before their first notice; `overrides` says `ES 2026-03-16: ESM6`.
    """
    regular = load_calendar(regular_calendar)
    terms = Terms(basis, confirm_days, force_days_of.get(symbol, force_days), min_days, forward_only)
    past, previous = state(before, left_out), latest(volumes, session.trade_date)
    override = overrides_by_day(overrides).get((symbol, dt))
    contracts = known(premarket, dt, regular)
    choice = choose(dt, contracts, previous, past, terms, override) if contracts else None
    row = told(choice, dt, previous, past) if choice else carried(past)
    row["is_half_day"] = is_half_day(dt, session, regular)
    against = {
        "holiday": regular.session(dt) is None,
        "half_day_excluded": row["is_half_day"] and not keep_half_days,
        "no_data": not contracts,
        "no_candidate": choice is None,
        "no_premarket": row.get("premarket_trades", 0) < min_premarket_trades,
    }
    reason = next((word for word, holds in against.items() if holds), None)
    if reason:
        return tables({}, {"reason": reason, **row, "why": WORDS[reason]})
    quality = "no_prev" if previous is None else "thin" if row["premarket_trades"] < thin_trades else "ok"
    return tables({**row, "quality": quality, "why": in_words(row)}, {})


def tables(kept: dict[str, Any], left_out: dict[str, Any]) -> dict[str, pl.DataFrame]:
    return {
        "contract_day": pl.DataFrame([kept] if kept else [], schema=KEPT),
        "excluded": pl.DataFrame([left_out] if left_out else [], schema=LEFT_OUT),
    }


def known(premarket: pl.DataFrame, dt: date, regular: Calendar) -> list[Contract]:
    """The contracts whose expiry is known."""
    found = []
    for row in premarket.iter_rows(named=True):
        expiration = row["expiration"] or quarterly_expiry(row["raw_symbol"], dt, has_session(regular))
        if expiration is not None:
            found.append(
                Contract(
                    row["raw_symbol"],
                    row["instrument_id"],
                    expiration,
                    row["open_interest"],
                    row["trades"],
                    row["volume"],
                )
            )
    return found


def has_session(calendar: Calendar) -> Callable[[date], bool]:
    """Whether a date is a session; one that the calendar does not reach yet is taken for one."""
    return lambda day: not calendar.covers(day) or calendar.session(day) is not None


def is_half_day(dt: date, session: Hours, regular: Calendar) -> bool:
    found = regular.session(dt)
    return "half" in (session.kind, found.kind if found else "")


def latest(volumes: pl.DataFrame, trade_date: date) -> Before | None:
    """The last trade date before this one that anything is known of; two sessions that clear for one date add up."""
    earlier = volumes.filter(pl.col("trade_date") < trade_date)
    if earlier.is_empty():
        return None
    last = earlier["trade_date"].max()
    found = earlier.filter(pl.col("trade_date") == last).group_by("raw_symbol").agg(pl.col("volume").sum())
    return Before(last, dict(found.iter_rows()))  # type: ignore[arg-type]  # a Date column's maximum


def state(*tables: pl.DataFrame | None) -> State | None:
    """What the session before left behind, whether it was kept or left out."""
    rows = [row for table in tables if table is not None for row in table.iter_rows(named=True)]
    row = next((row for row in rows if row["selected_symbol"] is not None), None)
    if row is None:
        return None
    return State(
        row["selected_symbol"],
        row["expiration"],
        row["leading_symbol"],
        row["leading_days"] or 0,
        row["prev_session_date"],
    )


def overrides_by_day(overrides: Mapping[str, str]) -> dict[tuple[str, date], str]:
    try:
        return {
            (key.split()[0], date.fromisoformat(key.split()[1])): symbol for key, symbol in overrides.items()
        }
    except (IndexError, ValueError) as error:
        raise ValueError(
            f"overrides: expected a root and a date such as ES 2026-03-16, found {sorted(overrides)}"
        ) from error
