"""Rows of a ledger, as a step of a toy would write them."""

from lakeflow.ledger_tables import Entry


def entry(symbol: str = "ESH6", dt: str = "2026-01-06", content: str = "c1") -> Entry:
    return Entry(
        "silver.toy.bbo",
        symbol,
        dt,
        9,
        8,
        7,
        "recipe",
        content,
        "schema",
        "rules",
        3,
        "silver.toy.replay",
        symbol,
        None,
    )
