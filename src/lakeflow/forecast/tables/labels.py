"""How each market ended, by the sources in their order; what they contradict each other about is no label.

Outcome 0 is what a market's `y` is about, by its place and never by its words.
"""

import polars as pl

from lakeflow.forecast.tables.evidence import DISPUTED, HALF, PROPOSED, SOURCES, WHOLE

TRUE, FALSE, SPLIT, VOID = "RESOLVED_TRUE", "RESOLVED_FALSE", "SPLIT_5050", "VOID"
PENDING, IN_DISPUTE, UNRESOLVED = "PENDING_PROPOSED", "DISPUTED", "UNRESOLVED"
PLACEHOLDER, UNSUPPORTED = "PLACEHOLDER", "UNSUPPORTED_OUTCOMES"
HIGH, MEDIUM, LOW = "HIGH", "MEDIUM", "LOW"
RESOLVED = (TRUE, FALSE)


def labels(evidence: pl.DataFrame, markets: pl.DataFrame, sightings: pl.DataFrame) -> pl.DataFrame:
    """A row for every market ever seen or told of, as known at a day's end."""
    rank = pl.col("source").replace_strict(
        {name: place for place, name in enumerate(SOURCES)}, return_dtype=pl.Int64
    )
    known = evidence.with_columns(rank=rank).sort("condition_id", "rank")
    final = pl.col("payout0").is_not_null()
    disputed = pl.col("status").is_in(DISPUTED)
    by_market = known.group_by("condition_id", maintain_order=True).agg(
        payout0=pl.col("payout0").filter(final).first(),
        source=pl.col("source").filter(final).first(),
        agree_count=(pl.col("payout0").filter(final) == pl.col("payout0").filter(final).first())
        .sum()
        .cast(pl.Int64),
        sources=pl.col("source").filter(final),
        conflict=(pl.col("payout0").filter(final).n_unique() > 1) | pl.col("changed_after_final").any(),
        on_chain=(final & (pl.col("source") == "CHAIN")).any(),
        is_legacy=pl.col("is_legacy").filter(final).first(),
        is_disputed=disputed.any(),
        is_proposed=pl.col("status").is_in(PROPOSED).any(),
        ts_resolved=pl.coalesce("ts_event", "ts_known").filter(final).first(),
        ts_known=pl.col("ts_known")
        .filter(final & (pl.col("payout0") == pl.col("payout0").filter(final).first()))
        .min(),
        ts_proposed=pl.col("ts_proposed").min(),
        was_disputed=pl.col("was_disputed").any() | disputed.any(),
        rules_updated=pl.col("rules_updated").any(),
    )
    return (
        current(markets, sightings)
        .join(by_market, on="condition_id", how="full", coalesce=True)
        .with_columns(label_status=status())
        .with_columns(
            y=pl.when(~pl.col("conflict").fill_null(value=False)).then(
                pl.col("label_status").replace_strict({TRUE: 1, FALSE: 0}, default=None, return_dtype=pl.Int8)
            )
        )
        .with_columns(confidence=confidence())
        .select(
            "condition_id", "label_status", "y", payout0=pl.when(over()).then("payout0"),
            ts_resolved=pl.when(over()).then("ts_resolved"), ts_proposed="ts_proposed", ts_closed="ts_closed",
            ts_known=pl.when(over()).then("ts_known"), was_disputed=flag("was_disputed"), rules_updated=flag("rules_updated"),
            sources=pl.col("sources").fill_null(pl.lit([], dtype=pl.List(pl.String))),
            agree_count=pl.col("agree_count").fill_null(0), conflict=flag("conflict"), confidence="confidence",
        )
        .sort("condition_id")
    )  # fmt: skip


def current(markets: pl.DataFrame, sightings: pl.DataFrame) -> pl.DataFrame:
    """The last version of each market, and whether anything was ever traded of it as far as today's listing tells."""
    traded = sightings.group_by("condition_id").agg(volume=pl.col("volume").max())
    return (
        markets.filter(pl.col("ts_valid_to").is_null())
        .select("condition_id", "outcomes", "active", "closed", "ts_closed")
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
        .when(~pl.col("active") & ~pl.col("closed") & (pl.col("volume").fill_null(0) == 0))
        .then(pl.lit(PLACEHOLDER))
        .otherwise(pl.lit(UNRESOLVED))
    )


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
