"""A choice of a contract as a row of its table, and in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from lakeflow.market.choosing import Before, Choice, State


def told(choice: Choice, day: date, before: Before | None, past: State | None) -> dict[str, Any]:
    """The row of a choice: the contract, what it stands on, and what the next choice needs."""
    contract = choice.contract
    second = next((c for c in choice.ranked if c != contract), None)
    return {
        "selected_symbol": contract.symbol,
        "instrument_id": contract.instrument_id,
        "expiration": contract.expiration,
        "basis": choice.basis,
        "decision": choice.decision,
        "prev_session_date": before.trade_date if before else None,
        "prev_volume_selected": before.volumes.get(contract.symbol, 0) if before else None,
        "prev_symbol_rank2": second.symbol if second else None,
        "prev_volume_rank2": before.volumes.get(second.symbol, 0) if before and second else None,
        "oi_selected": contract.open_interest,
        "premarket_trades": contract.premarket_trades,
        "premarket_volume": contract.premarket_volume,
        "is_roll": past is not None and past.symbol != contract.symbol,
        "days_to_expiry": (contract.expiration - day).days,
        "leading_symbol": choice.state.rival,
        "leading_days": choice.state.rival_days,
    }


def carried(past: State | None) -> dict[str, Any]:
    """The row of a session without a choice: what the next one needs of those before."""
    if past is None:
        return {}
    return {
        "selected_symbol": past.symbol,
        "expiration": past.expiration,
        "prev_session_date": past.counted,
        "leading_symbol": past.rival,
        "leading_days": past.rival_days,
    }


def in_words(row: Mapping[str, Any]) -> str:
    """Why it is this contract, from its row."""
    say = {
        "first": "{basis}, the first of its history",
        "leads": "{basis}",
        "held": "kept although {prev_symbol_rank2}, which expires earlier, leads by {basis}",
        "unconfirmed": "kept: {leading_symbol} leads by {basis}, on {leading_days} trade dates so far",
        "forced": "forced: the contract before is about to expire",
        "override": "as overridden",
    }[row["decision"]]
    words = say.format(**{**row, "basis": row["basis"].replace("_", " ")})
    return f"{words}{_volumes(row)}{', a roll' if row['is_roll'] else ''}"


def _volumes(row: Mapping[str, Any]) -> str:
    """The figures it stands on: the trade date before, or the pre-market without one."""
    if row["prev_session_date"] is None:
        return f" ({row['premarket_volume']:,} lots before the open, no session before)"
    own = f"{row['selected_symbol']} {row['prev_volume_selected']:,} lots"
    other = f", {row['prev_symbol_rank2']} {row['prev_volume_rank2']:,}" if row["prev_symbol_rank2"] else ""
    return f" (on {row['prev_session_date']}: {own}{other})"
