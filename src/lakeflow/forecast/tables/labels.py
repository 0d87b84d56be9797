"""How each market ended, by the sources in their order; what they contradict each other about is no label.

Outcome 0 is what a market's `y` is about, by its place and never by its words.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from lakeflow.forecast.tables.cutoffs import TIME, bounds
from lakeflow.forecast.tables.evidence import DISPUTED, HALF, PROPOSED, SOURCES, WHOLE

TRUE, FALSE, SPLIT, VOID = "RESOLVED_TRUE", "RESOLVED_FALSE", "SPLIT_5050", "VOID"
PENDING, IN_DISPUTE, UNRESOLVED = "PENDING_PROPOSED", "DISPUTED", "UNRESOLVED"
PLACEHOLDER, UNSUPPORTED = "PLACEHOLDER", "UNSUPPORTED_OUTCOMES"
HIGH, MEDIUM, LOW = "HIGH", "MEDIUM", "LOW"
FIRST: dict[str, Any] = {
    "condition_id": pl.String,
    "was_sure": pl.Boolean,
    "ts_first": TIME,
    "had_traded": pl.Boolean,
}
RESOLVED, CHAIN = (TRUE, FALSE), SOURCES[0]


def labels(
    evidence: pl.DataFrame,
    markets: pl.DataFrame,
    sightings: pl.DataFrame,
    before: pl.DataFrame | None,
    dt: date,
    sources: Sequence[str] = SOURCES,
) -> pl.DataFrame:
    """A row for every market ever seen or told of, as known at a day's end; the sources count in the order in which they are named."""
    return (
        current(markets, sightings)
        .join(told(evidence, sources), on="condition_id", how="full", coalesce=True)
        .join(remembered(before), on="condition_id", how="left")
        .with_columns(traded=(pl.col("volume") > 0).fill_null(value=False) | flag("had_traded"))
        .with_columns(label_status=status())
        .with_columns(conflict=flag("conflict") | won_twice())
        .with_columns(
            y=pl.when(~pl.col("conflict")).then(
                pl.col("label_status").replace_strict({TRUE: 1, FALSE: 0}, default=None, return_dtype=pl.Int8)
            )
        )
        .with_columns(confidence=confidence())
        .select(
            "condition_id", "label_status", "y", payout0=pl.when(over()).then("payout0"),
            ts_resolved=pl.when(over()).then("ts_resolved"), ts_proposed="ts_proposed", ts_closed="ts_closed",
            ts_told="ts_told", ts_known=known(dt), was_disputed=flag("was_disputed"), rules_updated=flag("rules_updated"),
            sources=pl.col("sources").fill_null(pl.lit([], dtype=pl.List(pl.String))),
            agree_count=pl.col("agree_count").fill_null(0), conflict="conflict", confidence="confidence", traded="traded",
            was_sure=flag("was_sure") | (over() & (pl.col("confidence") != LOW)).fill_null(value=False),
        )
        .sort("condition_id")
    )  # fmt: skip


def told(evidence: pl.DataFrame, sources: Sequence[str]) -> pl.DataFrame:
    """A row a market: what its sources say together, and since when."""
    unknown = sorted(set(evidence["source"]) - set(sources))
    if unknown:
        raise ValueError(
            f"source: expected one of {sorted(sources)}, found {unknown}; name it in `sources` of the stage history, where it is to count"
        )
    rank = pl.col("source").replace_strict(
        {name: place for place, name in enumerate(sources)}, return_dtype=pl.Int64
    )
    final, disputed = pl.col("payout0").is_not_null(), pl.col("status").is_in(DISPUTED)
    answer = pl.col("payout0").filter(final).first()
    agrees = (pl.col("last_payout0") == answer).fill_null(value=False)
    since = pl.col("ts_told").filter(agrees)
    by_chain = pl.col("ts_told").filter(agrees & (pl.col("source") == CHAIN)).first()
    said = pl.concat_list("payout0", "last_payout0").list.drop_nulls()
    return (
        evidence.with_columns(rank=rank)
        .sort("condition_id", "rank")
        .group_by("condition_id", maintain_order=True)
        .agg(
            payout0=answer,
            agree_count=(pl.col("payout0").filter(final) == answer).sum().cast(pl.Int64),
            sources=pl.col("source").filter(final),
            conflict=(said.explode(empty_as_null=False).n_unique() > 1) | pl.col("changed_after_final").any(),
            on_chain=(final & (pl.col("source") == CHAIN)).any(),
            is_legacy=since.is_empty(),
            is_disputed=disputed.any(),
            is_proposed=pl.col("status").is_in(PROPOSED).any(),
            ts_resolved=pl.coalesce("ts_event", "ts_known").filter(final).first(),
            ts_told=pl.coalesce("ts_told", pl.when(final).then("ts_known")).min(),
            ts_sure=pl.min_horizontal(by_chain, pl.max_horizontal(since.min(), pl.col("ts_cleared").max())),
            ts_proposed=pl.col("ts_proposed").min(),
            was_disputed=pl.col("was_disputed").any() | disputed.any(),
            rules_updated=pl.col("rules_updated").any(),
        )
    )


def remembered(before: pl.DataFrame | None) -> pl.DataFrame:
    """What the day before knew: since when an answer was sure, whatever was said of it later, and whether the market had been traded."""
    if before is None:
        return pl.DataFrame(schema=FIRST)
    first = pl.when("was_sure").then("ts_known")
    return before.select("condition_id", "was_sure", ts_first=first, had_traded="traded")


def known(dt: date) -> pl.Expr:
    """Since when the answer is known: once it was sure at a day's end, no later word moves that.

    What only today's end is sure of is known today, whenever its parts were told.
    """
    begins, _ = bounds(dt)
    is_sure = over() & (pl.col("confidence") != LOW)
    since = (
        pl.when(is_sure).then(pl.max_horizontal("ts_sure", pl.lit(begins, TIME))).when(over()).then("ts_told")
    )
    return pl.coalesce("ts_first", since)


def current(markets: pl.DataFrame, sightings: pl.DataFrame) -> pl.DataFrame:
    """The last version of each market, and the most that today's listings say was traded of it."""
    traded = sightings.group_by("condition_id").agg(volume=pl.col("volume").max())
    return (
        markets.filter(pl.col("ts_valid_to").is_null())
        .select("condition_id", "outcomes", "active", "closed", "ts_closed", "group_id")
        .join(traded, on="condition_id", how="left")
    )


def status() -> pl.Expr:
    """The one status of a market; a dispute that is open stands above what any price says, but not above the chain."""
    return (
        pl.when(pl.col("outcomes").list.len() != 2)
        .then(pl.lit(UNSUPPORTED))
        .when(pl.col("is_disputed") & ~pl.col("on_chain"))
        .then(pl.lit(IN_DISPUTE))
        .when(pl.col("payout0") == WHOLE)
        .then(pl.lit(TRUE))
        .when(pl.col("payout0") == 0)
        .then(pl.lit(FALSE))
        .when(pl.col("payout0") == HALF)
        .then(pl.lit(SPLIT))
        .when(pl.col("payout0").is_not_null())
        .then(pl.lit(VOID))
        .when(pl.col("is_proposed"))
        .then(pl.lit(PENDING))
        .when(~pl.col("active") & ~pl.col("closed") & ~pl.col("traded"))
        .then(pl.lit(PLACEHOLDER))
        .otherwise(pl.lit(UNRESOLVED))
    )


def won_twice() -> pl.Expr:
    """Whether a market won, and another of a group of which one wins did so too."""
    has_won = (pl.col("label_status") == TRUE) & pl.col("group_id").is_not_null()
    return (has_won & (has_won.sum().over("group_id") > 1)).fill_null(value=False)


def over() -> pl.Expr:
    """Whether a market has ended, whatever it paid."""
    return pl.col("label_status").is_in([TRUE, FALSE, SPLIT, VOID])


def confidence() -> pl.Expr:
    """How sure a label is: the chain or two sources that agree, one source, or a price of the days before there were any."""
    return pl.when(over()).then(
        pl.when(pl.col("conflict") | pl.col("is_legacy").fill_null(value=False))
        .then(pl.lit(LOW))
        .when(pl.col("on_chain") | (pl.col("agree_count") > 1))
        .then(pl.lit(HIGH))
        .otherwise(pl.lit(MEDIUM))
    )


def flag(name: str) -> pl.Expr:
    return pl.col(name).fill_null(value=False)
