"""Which outcome is at place 0: the one whose token stood there first. A source that lists the two in another order is read by its tokens."""

import polars as pl

TURNED, CROSSED = "clobTokenIds=turned", "outcomes=crossed"
SIDED = ("token_ids", "outcomes", "prices")


def aligned(sightings: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """Sightings with tokens, outcomes and prices in the order that each market was first seen in.

    `crossed` is a market that gives a token the outcome that it gave the other before: nobody can tell which of the two was meant.
    """
    of = ("condition_id", "token_ids", "outcomes")
    seen = sightings.sort("ts_observed").select(of)
    carried = (
        seen
        if before is None
        else pl.concat([before.filter(pl.col("ts_valid_to").is_null()).select(of), seen])
    )
    first = carried.filter(pl.col("token_ids").list.len() == 2).unique(
        "condition_id", keep="first", maintain_order=True
    )
    named = sightings.join(first, on="condition_id", how="left", suffix="_first", maintain_order="left")
    flagged = named.with_columns(turned=turned(pl.col("token_ids_first")), crossed=crossed())
    return flagged.with_columns(
        *(pl.when("turned").then(pl.col(name).list.reverse()).otherwise(name).alias(name) for name in SIDED),
        not_understood=pl.concat_list(
            "not_understood", told("turned", TURNED), told("crossed", CROSSED)
        ).list.sort(),
    ).drop("turned", "crossed", "token_ids_first", "outcomes_first")


def turned(first: pl.Expr) -> pl.Expr:
    """Whether the two tokens stand the other way round than they did first."""
    tokens = pl.col("token_ids")
    return ((tokens == first.list.reverse()) & (tokens != first)).fill_null(value=False)


def crossed() -> pl.Expr:
    """Whether a token has the outcome that the other had first."""
    said, first = pl.col("outcomes"), pl.col("outcomes_first")
    differ = said != said.list.reverse()
    both_ways = turned(pl.col("token_ids_first")) & (said == first)
    words_only = (pl.col("token_ids") == pl.col("token_ids_first")) & (said == first.list.reverse())
    return (differ & (both_ways | words_only)).fill_null(value=False)


def told(flag: str, words: str) -> pl.Expr:
    return pl.when(flag).then(pl.lit([words])).otherwise(pl.lit([], dtype=pl.List(pl.String)))


def by_tokens(events: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """Resolutions that name their tokens, with the payouts in the order of the market; those of other tokens keep theirs."""
    places = tokens.sort("outcome_index").group_by("condition_id").agg(known="token_id")
    rows = events.join(places, on="condition_id", how="left", maintain_order="left")
    return rows.with_columns(
        payouts=pl.when(turned(pl.col("known"))).then(pl.col("payouts").list.reverse()).otherwise("payouts")
    ).drop("known")
