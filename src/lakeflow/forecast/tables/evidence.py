"""What each source says of how each market ended, and since when: the last word of every source, with what it said before summed up."""

import polars as pl

from lakeflow.forecast.tables.places import CROSSED, by_tokens

SOURCES = ("CHAIN", "DATA_API", "GAMMA", "CLOB", "FEED")  # of this venue, in order of precedence
WHOLE, HALF, SLACK = 1_000_000, 500_000, 1_000  # payouts sum to one dollar, give or take a thousandth
FINISHED = ("resolved", "settled")
DISPUTED = ("challenged", "disputed", "arbitration", "reproposed")
PROPOSED = ("proposed",)
TOLD_OF = (*PROPOSED, *DISPUTED)  # an answer is about: nothing is disputed that was not proposed before
LEGACY_EDGE = 10_000  # a legacy price within a cent of 0 or 1
SHAPE = {
    "condition_id": pl.String(), "source": pl.String(), "status": pl.String(), "payout0": pl.Int64(), "ts_event": pl.Datetime("ns", "UTC"),
    "ts_known": pl.Datetime("ns", "UTC"), "ts_proposed": pl.Datetime("ns", "UTC"), "was_disputed": pl.Boolean(),
    "rules_updated": pl.Boolean(), "is_legacy": pl.Boolean(), "changed_after_final": pl.Boolean(), "last_payout0": pl.Int64(),
    "ts_told": pl.Datetime("ns", "UTC"), "ts_cleared": pl.Datetime("ns", "UTC"),
}  # fmt: skip


OF = ("condition_id", "source")
# What is known only from what was said before; a row that was just said begins without it.
SUMMED_UP = ("last_payout0", "ts_told", "ts_cleared")


def evidence(
    sightings: pl.DataFrame, events: pl.DataFrame, endings: pl.DataFrame, tokens: pl.DataFrame, before: pl.DataFrame | None
) -> pl.DataFrame:  # fmt: skip
    """The last word of each source on each market at a day's end."""
    said = [listed(sightings), told(by_tokens(events, tokens)), fed(endings, tokens)]
    shape = {name: dtype for name, dtype in SHAPE.items() if name not in SUMMED_UP}
    new = pl.concat([each.select(pl.col(name).cast(dtype) for name, dtype in shape.items()) for each in said])
    begun = new.with_columns(pl.lit(None, SHAPE[name]).alias(name) for name in SUMMED_UP)
    every = begun if before is None else pl.concat([before.select(begun.columns), begun])
    word = pl.struct("status", "payout0")
    return (
        every.sort(*OF, "ts_known", "status", "payout0", maintain_order=True)
        .with_columns(
            fresh=(word != word.shift(1).over(OF)).fill_null(value=True),
            ts_proposed=pl.coalesce("ts_proposed", pl.when(pl.col("status").is_in(TOLD_OF)).then("ts_known")),
        )
        .pipe(summed_up)
        .filter("fresh")
        .unique(OF, keep="last", maintain_order=True)
        .select(*SHAPE)
        .sort(OF)
    )


def summed_up(every: pl.DataFrame) -> pl.DataFrame:
    """Words with what each source told up to then: its last payout and since when, and when it last ended a dispute."""
    final = pl.col("payout0").is_not_null() & ~pl.col("is_legacy")
    disputed = pl.col("status").is_in(DISPUTED)
    told_now = pl.coalesce("last_payout0", pl.when(final).then("payout0"))
    earlier = told_now.forward_fill().shift(1).over(OF)
    is_other = (final & (pl.col("payout0") != earlier)).fill_null(value=False)
    cleared = ~disputed & disputed.shift(1).over(OF).fill_null(value=False)
    return every.with_columns(
        pl.col("rules_updated").max().over(OF),
        pl.col("ts_proposed").min().over(OF),
        was_disputed=(pl.col("was_disputed") | disputed).max().over(OF),
        changed_after_final=(pl.col("changed_after_final") | is_other).max().over(OF),
        last_payout0=told_now.forward_fill().over(OF),
        ts_told=pl.coalesce("ts_told", pl.when(final & (earlier.is_null() | is_other)).then("ts_known"))
        .forward_fill()
        .over(OF),
        ts_cleared=pl.coalesce("ts_cleared", pl.when(cleared).then("ts_known")).forward_fill().over(OF),
    )


def told(events: pl.DataFrame) -> pl.DataFrame:
    """What the services of resolutions say; what was disputed had been proposed, also where it was reset since."""
    is_told_of = pl.col("status").is_in(TOLD_OF) | pl.col("was_disputed").fill_null(value=False)
    return events.with_columns(
        payout0=payout(pl.col("payouts")),
        ts_known="ts_observed",
        ts_proposed=pl.when(is_told_of).then(pl.coalesce("ts_event", "ts_observed")),
        is_legacy=pl.lit(value=False),
        changed_after_final=pl.lit(value=False),
    )


def listed(sightings: pl.DataFrame) -> pl.DataFrame:
    """What the lister says: prices are payouts only of a market that is closed and whose status says that it is over."""
    status, first = pl.col("resolution_status").fill_null(""), pl.col("prices").list.first()
    finished = pl.col("closed").fill_null(value=False) & (status.is_in(FINISHED))
    pinned = payout(pl.col("prices"))
    is_priced = (pl.col("prices").list.sum() > HALF).fill_null(value=False)  # of no prices nothing is told
    legacy = pl.col("closed").fill_null(value=False) & (status == "") & is_priced
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
        ts_proposed=pl.when(status.is_in(TOLD_OF)).then("ts_observed"),
        was_disputed=status == "disputed",
        rules_updated=pl.lit(value=False),
        is_legacy=legacy,
        changed_after_final=pl.col("not_understood").list.contains(CROSSED),
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
