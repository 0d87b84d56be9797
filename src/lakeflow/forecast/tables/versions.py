"""What was known of each market and when: a row for every version of it that held at some time of a day."""

import polars as pl

from lakeflow.forecast.tables.categories import category, not_mapped

SAID = (
    "question", "slug", "rules_sha256", "has_source", "protocol", "outcomes", "token_ids", "tags", "event_ids", "group_id",
    "group_item", "group_place", "neg_risk", "sports_type", "game_id", "active", "closed", "archived", "accepting_orders",
    "resolution_status", "tick", "category", "cluster_id", "ts_scheduled_end", "scheduled_by", "ts_created", "ts_closed",
    "not_understood",
)  # fmt: skip
GAME_START, END_DATE, RESOLUTION_END = "GAME_START", "END_DATE", "UMA_END"


def versions(sightings: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """The versions that held during a day: what was current when it began, and each change seen in it.

    A market is kept when the lister shows it no more: what vanishes was known nevertheless.
    """
    unmoved = pl.lit(value=False)
    seen = described(sightings).select(
        "condition_id", *SAID, ts_valid_from="ts_observed", rescheduled=unmoved
    )
    carried = None if before is None else before.filter(pl.col("ts_valid_to").is_null()).select(seen.columns)
    every = seen if carried is None else pl.concat([carried, seen])
    remembered = of_all_events(every.sort("condition_id", "ts_valid_from")).with_columns(
        tags=pl.when(pl.col("tags").list.len() > 0).then("tags").forward_fill().over("condition_id"),
    )
    tagged = remembered.with_columns(
        pl.col("tags").fill_null(pl.lit([], dtype=pl.List(pl.String)))
    ).with_columns(category=category(pl.col("tags"), pl.col("slug"), pl.col("sports_type")))
    return (
        tagged.with_columns(same=unchanged())
        .filter(~pl.col("same"))
        .drop("same")
        .with_columns(
            ts_valid_to=pl.col("ts_valid_from").shift(-1).over("condition_id"),
            rescheduled=moved().cum_max().over("condition_id"),
        )
        .select("condition_id", "ts_valid_from", "ts_valid_to", *SAID, "rescheduled")
    )


def of_all_events(every: pl.DataFrame) -> pl.DataFrame:
    """Versions with every event that had listed the market by then: an answer about one event names no other. The cluster follows."""
    seen = every.select("condition_id", "event_ids", since="ts_valid_from").explode(
        "event_ids", empty_as_null=False, keep_nulls=False
    )
    first = seen.group_by("condition_id", "event_ids").agg(pl.col("since").min())
    of = ["condition_id", "ts_valid_from"]
    named = (
        every.select(of)
        .join(first, on="condition_id", how="inner")
        .filter(pl.col("since") <= pl.col("ts_valid_from"))
        .group_by(of)
        .agg(events=pl.col("event_ids").unique().sort())
    )
    joined = every.join(named, on=of, how="left", maintain_order="left")
    events = pl.coalesce("events", "event_ids")
    return joined.with_columns(event_ids=events).with_columns(cluster_id=cluster()).drop("events")


def cluster() -> pl.Expr:
    """What a market's outcome is not independent of."""
    return pl.coalesce("group_id", pl.format("event {}", lowest("event_ids")), "condition_id")


def moved() -> pl.Expr:
    """Whether a version gives another scheduled end than the one before, or carries that one did."""
    end = pl.col("ts_scheduled_end")
    before = end.shift(1).over("condition_id")
    return pl.col("rescheduled") | (before.is_not_null() & end.is_not_null() & (end != before)).fill_null(
        value=False
    )


def unchanged() -> pl.Expr:
    """Whether a row says what the one before said of the same market."""
    alike = [pl.col(name).eq_missing(pl.col(name).shift(1)) for name in ("condition_id", *SAID)]
    return pl.all_horizontal(alike).fill_null(value=False)


def described(sightings: pl.DataFrame) -> pl.DataFrame:
    """Sightings with what follows from them alone: category, cluster and scheduled end."""
    ends = {GAME_START: "ts_game", END_DATE: "ts_end", RESOLUTION_END: "ts_resolution_end"}
    # A sports market's end date is that of a deadline, up to a week after the game.
    by = pl.coalesce(
        *(pl.when(pl.col(column).is_not_null()).then(pl.lit(name)) for name, column in ends.items())
    )
    return sightings.with_columns(
        category=category(pl.col("tags"), pl.col("slug"), pl.col("sports_type")),
        cluster_id=cluster(),
        ts_scheduled_end=pl.coalesce(*ends.values()),
        scheduled_by=by,
        not_understood=pl.concat_list("not_understood", not_mapped(pl.col("tags"))).list.sort(),
    )


def lowest(ids: str) -> pl.Expr:
    """The lowest of a list of numbers that are text: of many events of a market always the same one."""
    numbers = pl.col(ids).list.eval(pl.element().cast(pl.Int64, strict=False))
    return numbers.list.min()


def tokens(markets: pl.DataFrame) -> pl.DataFrame:
    """Each token, with its place among the outcomes of its market and the token of the other outcome."""
    return (
        markets.filter(pl.col("token_ids").list.len() > 0)
        .sort("condition_id", "ts_valid_from")
        .unique("condition_id", keep="last", maintain_order=True)
        .with_columns(
            others=pl.when(pl.col("token_ids").list.len() == 2).then(pl.col("token_ids").list.reverse())
        )
        .with_columns(outcome_index=pl.int_ranges(pl.col("token_ids").list.len()))
        .select(
            "condition_id",
            "outcome_index",
            token_id=pl.col("token_ids"),
            label=pl.when(pl.col("outcomes").list.len() == pl.col("token_ids").list.len()).then("outcomes"),
            complement_token_id=pl.col("others"),
        )
        .pipe(apart)
        .sort("token_id")
        .unique("token_id", keep="first", maintain_order=True)
    )


def apart(markets: pl.DataFrame) -> pl.DataFrame:
    """A row a token."""
    place = pl.col("outcome_index")
    rows = markets.explode("outcome_index", empty_as_null=True, keep_nulls=True)
    return rows.with_columns(
        pl.col(name).list.get(place, null_on_oob=True)
        for name in ("token_id", "label", "complement_token_id")
    )
