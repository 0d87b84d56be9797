"""What gold publishes of days that were carried through the stages: flows, figures, group scores, boards, completeness."""

from datetime import timedelta

import polars as pl

from stages.gold import (
    polymarket_boards,
    polymarket_completeness,
    polymarket_flow,
    polymarket_groups,
    polymarket_measures,
)

PUBLISHED = (
    "features", "metrics", "reliability_bins", "corp_curves", "recal_maps", "group_scores", "scoreboard_segment", "scoreboard_market",
    "completeness",
)  # fmt: skip
DRAWS, SEED = 20, 1


def published(kept, first, day, draws=DRAWS):
    """The tables of a day, from those that the days up to it have."""
    days = kept.days[: day + 1]
    made, dt = days[-1], first + timedelta(days=day)
    seen = {
        name: dated(days, first, name) for name in ("scored", "recalibrated", "yardsticks", "leakage_audit")
    }
    held = {"labels": made["labels"], "audits": seen["leakage_audit"].rename({"dt": "day"})}
    both = {"scored": seen["scored"], "recalibrated": seen["recalibrated"]}
    found = polymarket_measures.measure(**both, **held, draws=draws, seed=SEED, with_up_down=False)
    found |= polymarket_boards.publish(
        found["metrics"], **both, **held, yardsticks=seen["yardsticks"], markets=made["markets"], addresses=[]
    )
    found["group_scores"] = polymarket_groups.group(
        seen["scored"],
        made["unanswered"].lazy(),
        *(pl.concat(each[name] for each in days).lazy() for name in ("snapshots", "lookbacks")),
        markets=made["markets"],
        **held,
        dt=dt,
        seed=SEED,
        embargo_s=3600,
    )
    return found | {"features": flow(days, dt), "completeness": complete(made, dt)}


def dated(days, first, name):
    """A table of every day, each row with its day, as a window of it is read."""
    return pl.concat(
        rows.drop("dt", strict=False).with_columns(dt=pl.lit(first + timedelta(days=number)))
        for number, rows in enumerate(each[name] for each in days)
    )


def flow(days, dt):
    """What flowed, from this day and the one before."""
    names = ("marks", "trades", "last_trades", "book_events", "fetch_ledger", "open_interest")
    seen = {name: pl.concat(each[name] for each in days[-2:]) for name in names}
    return polymarket_flow.flow(
        days[-1]["markets"], **seen | {"book_events": seen["book_events"].lazy()}, dt=dt
    )


def complete(made, dt):
    names = (
        "markets", "fetch_ledger", "sightings", "price_points", "book_gaps", "labels", "rest_books", "open_interest", "evidence",
    )  # fmt: skip
    today = {"fetch_ledger": made["fetch_ledger"].with_columns(dt=pl.lit(dt))}
    streamed = {"book_events": made["book_events"].lazy()}
    return polymarket_completeness.complete(**{name: made[name] for name in names} | today, **streamed, dt=dt)
