"""What each source says of how each market ended, and since when: the last word of every source, with what it said before summed up."""

import polars as pl

SOURCES = ("CHAIN", "DATA_API", "GAMMA", "CLOB", "FEED")  # in order of precedence
WHOLE, HALF, SLACK = 1_000_000, 500_000, 1_000  # payouts sum to one dollar, give or take a thousandth
FINISHED = ("resolved", "settled")
DISPUTED = ("challenged", "disputed", "arbitration", "reproposed")
PROPOSED = ("proposed",)
LEGACY_EDGE = 10_000  # a legacy price within a cent of 0 or 1
SHAPE = {
    "condition_id": pl.String(), "source": pl.String(), "status": pl.String(), "payout0": pl.Int64(), "ts_event": pl.Datetime("ns", "UTC"),
    "ts_known": pl.Datetime("ns", "UTC"), "ts_proposed": pl.Datetime("ns", "UTC"), "was_disputed": pl.Boolean(),
    "rules_updated": pl.Boolean(), "is_legacy": pl.Boolean(), "changed_after_final": pl.Boolean(),
}  # fmt: skip


def evidence(
    sightings: pl.DataFrame, events: pl.DataFrame, endings: pl.DataFrame, tokens: pl.DataFrame, before: pl.DataFrame | None
) -> pl.DataFrame:  # fmt: skip
    """The last word of each source on each market at a day's end."""
    said = [listed(sightings), told(events), fed(endings, tokens)]
    new = pl.concat([each.select(pl.col(name).cast(dtype) for name, dtype in SHAPE.items()) for each in said])
    every = new if before is None else pl.concat([before.select(new.columns), new])
    of = ("condition_id", "source")
    word = pl.struct("status", "payout0")
    return (
        every.sort(*of, "ts_known", "status", "payout0", maintain_order=True)
        .with_columns(
            fresh=(word != word.shift(1).over(of)).fill_null(value=True),
            ts_proposed=pl.coalesce(
                "ts_proposed", pl.when(pl.col("status").is_in(PROPOSED)).then("ts_known")
            ),
            unsaid=final_before(of),
        )
        .with_columns(
            pl.col("was_disputed", "rules_updated", "changed_after_final").max().over(of),
            pl.col("ts_proposed").min().over(of),
        )
        .with_columns(changed_after_final=pl.col("changed_after_final") | pl.col("unsaid").max().over(of))
        .filter("fresh")
        .unique(of, keep="last", maintain_order=True)
        .select(*SHAPE)
        .sort(of)
    )


def final_before(of: tuple[str, ...]) -> pl.Expr:
    """Whether a source that had told a payout tells another one now."""
    earlier = pl.col("payout0").forward_fill().shift(1).over(of)
    return (
        pl.col("payout0").is_not_null() & earlier.is_not_null() & (pl.col("payout0") != earlier)
    ).fill_null(value=False)


def told(events: pl.DataFrame) -> pl.DataFrame:
    """What the services of resolutions say."""
    return events.with_columns(
        payout0=payout(pl.col("payouts")),
        ts_known="ts_observed",
        ts_proposed=pl.when(pl.col("status").is_in(PROPOSED)).then(pl.coalesce("ts_event", "ts_observed")),
        is_legacy=pl.lit(value=False),
        changed_after_final=pl.lit(value=False),
    )


def listed(sightings: pl.DataFrame) -> pl.DataFrame:
    """What the lister says: prices are payouts only of a market that is closed and whose status says that it is over."""
    status, first = pl.col("resolution_status").fill_null(""), pl.col("prices").list.first()
    finished = pl.col("closed").fill_null(value=False) & (status.is_in(FINISHED))
    pinned = payout(pl.col("prices"))
    legacy = pl.col("closed").fill_null(value=False) & (status == "") & (pl.col("prices").list.sum() > HALF)
    by_legacy = pl.when(first >= WHOLE - LEGACY_EDGE).then(WHOLE).when(first <= LEGACY_EDGE).then(0)
    return sightings.with_columns(
        source=pl.lit("GAMMA"),
        status=pl.when(status != "")
        .then(status)
        .when(pl.col("closed"))
        .then(pl.lit("closed"))
        .otherwise(pl.lit("open")),
        payout0=pl.when(finished & pinned.is_in([0, HALF, WHOLE])).then(pinned).when(legacy).then(by_legacy),
        ts_event=pl.col("ts_closed"),
        ts_known="ts_observed",
        ts_proposed=pl.when(status.is_in(PROPOSED)).then("ts_observed"),
        was_disputed=status == "disputed",
        rules_updated=pl.lit(value=False),
        is_legacy=legacy,
        changed_after_final=pl.lit(value=False),
    )


def fed(endings: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """What the feed says: the winner by its token, never by the words of the outcome."""
    places = tokens.select("token_id", "condition_id", "outcome_index")
    won = endings.join(
        places,
        left_on=["condition_id", "winning_token_id"],
        right_on=["condition_id", "token_id"],
        how="inner",
    )
    return won.with_columns(
        source=pl.lit("FEED"),
        status=pl.lit("resolved"),
        payout0=pl.when(pl.col("outcome_index") == 0).then(WHOLE).otherwise(0),
        ts_known="ts_recv",
        ts_proposed=pl.lit(None, SHAPE["ts_proposed"]),
        was_disputed=pl.lit(value=False),
        rules_updated=pl.lit(value=False),
        is_legacy=pl.lit(value=False),
        changed_after_final=pl.lit(value=False),
    )


def payout(payouts: pl.Expr) -> pl.Expr:
    """What outcome 0 pays, of two outcomes whose payouts sum to a dollar."""
    is_whole = (payouts.list.len() == 2) & ((payouts.list.sum() - WHOLE).abs() <= SLACK)
    return pl.when(is_whole).then(payouts.list.first())
