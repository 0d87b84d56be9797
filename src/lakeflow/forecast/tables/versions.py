"""What was known of each market and when: a row for every version of it that held at some time of a day."""

import polars as pl

from lakeflow.forecast.tables.categories import CATEGORY, OTHER, TAG, category, not_mapped
from lakeflow.forecast.tables.clusters import cluster, of_all_events

SAID = (
    "question", "slug", "rules_sha256", "has_source", "protocol", "outcomes", "token_ids", "tags", "event_ids", "parent_event_ids",
    "group_id", "group_item", "group_place", "neg_risk", "sports_type", "game_id", "active", "closed", "archived", "accepting_orders",
    "resolution_status", "tick", "category", "cluster_id", "ts_scheduled_end", "scheduled_by", "ts_created", "ts_closed",
    "not_understood",
)  # fmt: skip
FEES = ("fees_enabled", "fee_type", "fee_exponent", "fee_rate", "fee_taker_only", "fee_rebate_rate")
FLOWS = ("volume", "liquidity")  # they change with every answer: a version has those that it began with
GAME_START, END_DATE, RESOLUTION_END = "GAME_START", "END_DATE", "UMA_END"
DEADLINE = pl.duration(
    days=14
)  # how long after a game its market may be to end at the latest, with room to spare


def versions(sightings: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """The versions that held during a day: what was current when it began, and each change seen in it.

    A market is kept when the lister shows it no more: what vanishes was known nevertheless.
    """
    unmoved = pl.lit(value=False)
    seen = described(sightings).select(
        "condition_id",
        *SAID,
        "category_said",
        *FLOWS,
        *FEES,
        ts_valid_from="ts_observed",
        rescheduled=unmoved,
    )
    carried = None if before is None else before.filter(pl.col("ts_valid_to").is_null()).select(seen.columns)
    every = seen if carried is None else pl.concat([carried, seen])
    return (
        sorted_out(of_all_events(every.sort("condition_id", "ts_valid_from")))
        .with_columns(fees_that_hold())
        .with_columns(same=unchanged())
        .filter(~pl.col("same"))
        .drop("same")
        .with_columns(
            ts_valid_to=pl.col("ts_valid_from").shift(-1).over("condition_id"),
            rescheduled=moved().cum_max().over("condition_id"),
        )
        .select(
            "condition_id",
            "ts_valid_from",
            "ts_valid_to",
            *SAID,
            "rescheduled",
            "category_said",
            *FLOWS,
            *FEES,
        )
    )


def fees_that_hold() -> list[pl.Expr]:
    """The fees that were said last: an answer that has none of their fields says nothing of them."""
    is_said = pl.any_horizontal(pl.col(FEES).is_not_null())
    last = pl.when(is_said).then(pl.struct(FEES)).forward_fill().over("condition_id")
    return [last.struct.field(name) for name in FEES]


def sorted_out(every: pl.DataFrame) -> pl.DataFrame:
    """Versions with the category of the last tags and words that were seen: not every answer has them. What of them is in no map is named."""
    tags = pl.when(pl.col("tags").list.len() > 0).then("tags").forward_fill().over("condition_id")
    remembered = every.with_columns(
        tags=tags.fill_null(pl.lit([], dtype=pl.List(pl.String))),
        category_said=pl.col("category_said").forward_fill().over("condition_id"),
    )
    of = pl.col("tags"), pl.col("category_said")
    is_named = pl.element().str.starts_with(TAG) | pl.element().str.starts_with(CATEGORY)
    others = pl.col("not_understood").list.eval(pl.element().filter(~is_named))
    return remembered.with_columns(
        category=category(of[0], pl.col("slug"), pl.col("sports_type"), of[1]),
        not_understood=pl.concat_list(others, not_mapped(*of)).list.unique().list.sort(),
    )


def moved() -> pl.Expr:
    """Whether a version gives another scheduled end than the one before, or carries that one did."""
    end = pl.col("ts_scheduled_end")
    before = end.shift(1).over("condition_id")
    return pl.col("rescheduled") | (before.is_not_null() & end.is_not_null() & (end != before)).fill_null(
        value=False
    )


def unchanged() -> pl.Expr:
    """Whether a row says what the one before said of the same market."""
    alike = [
        pl.col(name).eq_missing(pl.col(name).shift(1))
        for name in ("condition_id", *SAID, "category_said", *FEES)
    ]
    return pl.all_horizontal(alike).fill_null(value=False)


def described(sightings: pl.DataFrame) -> pl.DataFrame:
    """Sightings with what follows from them alone: cluster and scheduled end."""
    is_sure = ~(is_sports() & is_unread("gameStartTime"))
    ends = {
        GAME_START: pl.when(is_game()).then("ts_game"),
        END_DATE: pl.when(is_sure).then("ts_end"),
        RESOLUTION_END: pl.when(is_sure).then("ts_resolution_end"),
    }
    by = pl.coalesce(*(pl.when(end.is_not_null()).then(pl.lit(name)) for name, end in ends.items()))
    return sightings.with_columns(
        category=pl.lit(OTHER), cluster_id=cluster(), ts_scheduled_end=pl.coalesce(*ends.values()), scheduled_by=by
    )  # fmt: skip


def is_game() -> pl.Expr:
    """Whether the start that is listed is the event: of what is named a sports market, or is to end within days of it.

    A game's end date is that of a deadline, up to a week after it. A cease-fire by the end of 2027 with a start in 2026 is no game.
    """
    soon = (pl.col("ts_end") - pl.col("ts_game") <= DEADLINE).fill_null(~is_unread("endDate"))
    return pl.col("ts_game").is_not_null() & (is_sports() | soon)


def is_sports() -> pl.Expr:
    """Whether it is named a sports market."""
    return pl.col("sports_type").is_not_null() | pl.col("game_id").is_not_null()


def is_unread(field: str) -> pl.Expr:
    """Whether a listing says a time in this field that is none: it is not known then, which is not the same as that there is none."""
    return pl.col("not_understood").list.contains(f"{field}:BAD_TS")


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
