"""Which contract of a root a session is about: by the session before, forward only, forced before it expires.

Everything here was known before the session's own open. `choose` is called for the sessions in order, each with the state
that the one before left behind; it looks at nothing else, so a later day cannot change an earlier choice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

RANKINGS = {
    "v": ("volume", "open_interest"),
    "n": ("open_interest", "volume"),
    "c": (),
}
CALENDAR, OVERRIDE, PREMARKET, VOLUME = "calendar", "override", "premarket", "volume"


class Contract(NamedTuple):
    """An outright as it was known before the open: no trade of the session itself but those of its pre-market."""

    symbol: str
    instrument_id: int | None
    expiration: date
    open_interest: int | None = None  # of the last date before the session that it was published for
    premarket_trades: int = 0
    premarket_volume: int = 0


class Before(NamedTuple):
    """The trade date before, and what each contract traded in it; one that is not named traded nothing."""

    trade_date: date
    volumes: Mapping[str, int]


class State(NamedTuple):
    """What a choice leaves to the next: the contract held, and who leads it since when."""

    symbol: str
    expiration: date
    rival: str | None = None  # a later contract that leads without being chosen yet
    rival_days: int = 0  # trade dates in a row
    counted: date | None = None  # the last of these, so that a holiday counts none twice


@dataclass(frozen=True)
class Terms:
    """How to choose. Basis v is the volume of the session before, n its open interest, c the calendar alone."""

    basis: str = "v"
    confirm_days: int = 1  # trade dates in a row that a later contract must lead before it is chosen
    force_days: int = 1  # calendar days before its expiration from which a contract is left for a later one
    min_days: int = 1  # calendar days before its expiration after which it is no candidate
    forward_only: bool = True


class Choice(NamedTuple):
    """The contract chosen, what decided between it and the others, and why it is this one."""

    contract: Contract
    basis: str  # volume, open_interest, premarket, calendar, override
    decision: str  # first, leads, held, unconfirmed, forced, override
    ranked: tuple[Contract, ...]  # the contracts that could be chosen, best first
    state: State


def choose(
    day: date,
    contracts: Sequence[Contract],
    before: Before | None,
    past: State | None,
    terms: Terms,
    override: str | None = None,
) -> Choice | None:
    """The contract of a session; None where none is left that could be."""
    if override is not None:
        return overridden(override, day, contracts, before, terms)
    ranked, basis = ranking(eligible(day, contracts, terms), before, terms)
    if past is None or not terms.forward_only:
        return chosen(ranked[0], basis, "leads" if past else "first", ranked, before) if ranked else None
    return forward(ranked, basis, before, past, terms)


def eligible(day: date, contracts: Sequence[Contract], terms: Terms) -> list[Contract]:
    """The contracts that may be chosen; those about to expire only where there is no other."""
    alive = [c for c in contracts if day <= c.expiration - timedelta(days=terms.min_days)]
    return [c for c in alive if day < c.expiration - timedelta(days=terms.force_days)] or alive


def ranking(
    contracts: Sequence[Contract], before: Before | None, terms: Terms
) -> tuple[tuple[Contract, ...], str]:
    """The contracts best first, and the word for what put the first before the second."""
    if terms.basis not in RANKINGS:
        raise ValueError(f"basis: expected one of {sorted(RANKINGS)}, found {terms.basis!r}")
    scores = {c.symbol: scored(c, before, terms) for c in contracts}
    ranked = tuple(
        sorted(contracts, key=lambda c: ([-n for _, n in scores[c.symbol]], c.expiration, c.symbol))
    )
    first = scores[ranked[0].symbol] if ranked else []
    second = [n for _, n in scores[ranked[1].symbol]] if len(ranked) > 1 else [0] * len(first)
    return ranked, next((w for (w, n), other in zip(first, second, strict=True) if n != other), CALENDAR)


def scored(contract: Contract, before: Before | None, terms: Terms) -> list[tuple[str, int]]:
    """What counts for a contract, weightiest first; without a session before, its pre-market stands for the volume."""
    of = {
        "volume": (PREMARKET, contract.premarket_volume)
        if before is None
        else (VOLUME, before.volumes.get(contract.symbol, 0)),
        "open_interest": ("open_interest", contract.open_interest or 0),
    }
    return [of[word] for word in RANKINGS[terms.basis]]


def forward(
    ranked: tuple[Contract, ...], basis: str, before: Before | None, past: State, terms: Terms
) -> Choice | None:
    """The choice that never goes back to an earlier expiry."""
    held = next((c for c in ranked if c.symbol == past.symbol), None)
    later = [c for c in ranked if c.expiration > past.expiration]
    if held is None:
        return chosen(later[0], CALENDAR, "forced", ranked, before) if later else None
    leader = ranked[0]
    if leader == held:
        return chosen(held, basis, "leads", ranked, before)
    if leader.expiration <= held.expiration:
        return chosen(held, basis, "held", ranked, before)
    days = rival_days(leader, before, past)
    if before is None or days >= terms.confirm_days:
        return chosen(leader, basis, "leads", ranked, before)
    waiting = State(held.symbol, held.expiration, leader.symbol, days, before.trade_date)
    return Choice(held, basis, "unconfirmed", ranked, waiting)


def rival_days(leader: Contract, before: Before | None, past: State) -> int:
    """For how many trade dates in a row a later contract has led, the one before included."""
    if past.rival != leader.symbol:
        return 1
    is_counted = before is not None and past.counted == before.trade_date
    return past.rival_days + (not is_counted)


def chosen(
    contract: Contract, basis: str, decision: str, ranked: tuple[Contract, ...], before: Before | None
) -> Choice:
    counted = before.trade_date if before else None
    return Choice(
        contract, basis, decision, ranked, State(contract.symbol, contract.expiration, counted=counted)
    )


def overridden(
    symbol: str, day: date, contracts: Sequence[Contract], before: Before | None, terms: Terms
) -> Choice:
    """The contract that a person names; it must be listed and not expired."""
    alive = [c for c in contracts if day <= c.expiration]
    found = next((c for c in alive if c.symbol == symbol), None)
    if found is None:
        raise ValueError(
            f"overrides: {day}: expected a listed contract, one of {sorted(c.symbol for c in alive)}, found {symbol}"
        )
    ranked, _ = ranking(alive, before, terms)
    return chosen(found, OVERRIDE, OVERRIDE, ranked, before)
