"""What the markets of a group cost together at a cutoff: all that were members then, whenever each of them is asked itself."""

import polars as pl

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.evidence import WHOLE
from lakeflow.forecast.tables.quotes import Sources, priced

AT = ["group_id", "ts_cutoff"]
OF = ["condition_id", *AT]


def normalised(
    rows: pl.DataFrame, markets: pl.DataFrame, evidence: pl.DataFrame, sources: Sources
) -> pl.DataFrame:
    """Priced cutoffs with the sum of their group's prices then, each price's share of it, and since when all of that was known."""
    every = costs(of_groups(rows, markets), evidence, markets, sources)
    sums = (
        every.group_by(AT)
        .agg(
            group_sum=pl.col("p").sum(),
            ts_members=pl.col("ts_member").max(),
            whole=pl.col("p").is_not_null().all() & (pl.len() > 1),
        )
        .filter("whole")
        .drop("whole")
    )
    share = (pl.col("p") * WHOLE / pl.col("group_sum")).round().cast(pl.Int64)
    return rows.join(sums, on=AT, how="left", maintain_order="left").with_columns(
        p_norm=pl.when(pl.col("group_sum") > 0).then(share)
    )


def of_groups(rows: pl.DataFrame, markets: pl.DataFrame) -> pl.DataFrame:
    """The members of each group that is asked about, as they were listed at the cutoff; a place kept for somebody is none."""
    asked = rows.filter(pl.col("group_id").is_not_null(), pl.col("p").is_not_null()).select(AT).unique()
    is_waiting = ~pl.col("active").fill_null(value=True) & ~pl.col("closed").fill_null(value=False)
    listed = cutoffs.held(
        markets.filter(~is_waiting, pl.col("group_id").is_not_null()).join(asked, on="group_id", how="inner")
    )
    has_two = pl.col("token_ids").list.len() == 2
    return listed.with_columns(
        token_id=pl.when(has_two).then(pl.col("token_ids").list.first()),
        other_token_id=pl.when(has_two).then(pl.col("token_ids").list.last()),
    ).sort(OF)


def costs(
    members: pl.DataFrame, evidence: pl.DataFrame, markets: pl.DataFrame, sources: Sources
) -> pl.DataFrame:
    """Each member's price at the cutoff; none where its answer was about. One whose answer had been told is no member any more.

    Which answer that was decides nothing here, or a snapshot would depend on a label.
    """
    over = cutoffs.ended_by(members, evidence, markets)
    still = members.filter(~over).select(*OF, "token_id", "other_token_id", "ts_valid_from")
    cost = priced(still, sources).select(
        *OF, pl.col("p").cast(pl.Int64), ts_member=pl.max_horizontal("ts_quote_known", "ts_valid_from")
    )
    about = members.filter(over).join(told(members, evidence), on=OF, how="anti")
    return pl.concat([cost, about.select(*OF, p=pl.lit(None, pl.Int64), ts_member="ts_valid_from")])


def told(members: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """The members whose answer a source had told by the cutoff."""
    answers = evidence.filter(pl.col("last_payout0").is_not_null()).select("condition_id", "ts_told")
    by_then = pl.col("ts_told") <= pl.col("ts_cutoff")
    return members.select(OF).join(answers, on="condition_id", how="inner").filter(by_then)
