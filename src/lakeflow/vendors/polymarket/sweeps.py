"""Whether a listing was fetched to its end: its pages by number, each answered, the last without a cursor."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import timedelta

import polars as pl

PAUSE = timedelta(hours=1)  # between two pages of one listing at most: the same name comes again every day
OK = 200
SWEEP = ["capture_id", "sweep_id"]


def begun_before(fetches: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """The pages of the day before of listings that went on past midnight, numbered before all of the day's own.

    Today's pages must go on where those end: by number, by cursor, and soon. They count as observed at midnight, since no day
    before could publish them.
    """
    first = answered(fetches).unique(SWEEP, keep="first", maintain_order=True).filter(pl.col("page_no") > 0)
    if not first.height:
        return fetches.clear()
    going_on = first.select(*SWEEP, "ts_observed", "cursor_in", first="page_no")
    pages = earlier.select(fetches.columns).join(going_on, on=SWEEP, how="semi", maintain_order="left")
    follows = (
        (pl.col("page_no") == pl.col("first") - 1)
        & (pl.col("cursor_out") == pl.coalesce("cursor_in_today", "cursor_out"))
        & (pl.col("ts_observed_today") - pl.col("ts_observed") <= PAUSE)
    )
    joined = answered(pages).join(going_on, on=SWEEP, suffix="_today").filter(follows).select(*SWEEP, "first")
    midnight = pl.lit(fetches["ts_observed"].min()).dt.truncate("1d").cast(fetches.schema["ts_observed"])
    return (
        pages.join(joined.unique(), on=SWEEP, how="inner", maintain_order="left")
        .filter(pl.col("page_no") < pl.col("first"))
        .with_columns(row=pl.col("row") - pages["row"].max() - 1, ts_observed=midnight)
        .select(fetches.columns)
    )


def answered(fetches: pl.DataFrame) -> pl.DataFrame:
    """The pages of listings that were answered, in the order of the listing."""
    is_page = (pl.col("sweep_id") != "") & (pl.col("http_status") == OK)
    return fetches.filter(is_page).sort("page_no", "ts_observed")


def unfinished(fetches: pl.DataFrame, unread: Collection[int]) -> frozenset[str]:
    """The sweeps that lack a page, by capture and name: one that failed, or held no listing, may have been fetched again."""
    answered = (
        fetches.filter(pl.col("sweep_id") != "", ~pl.col("row").is_in(sorted(unread)))
        .sort("ts_observed")
        .group_by("capture_id", "sweep_id", "page_no")
        .agg(pl.col("cursor_out").last())
        .sort("page_no")
        .group_by("capture_id", "sweep_id")
        .agg(
            pages=pl.col("page_no").n_unique(),
            last=pl.col("page_no").max(),
            ends=pl.col("cursor_out").last().is_null(),
        )
    )
    begun = fetches.filter(pl.col("sweep_id") != "").select("capture_id", "sweep_id").unique()
    whole = (pl.col("pages") == pl.col("last") + 1) & pl.col("ends")
    lacking = begun.join(answered, on=["capture_id", "sweep_id"], how="left").filter(
        ~whole.fill_null(value=False)
    )
    return frozenset(f"{capture} {sweep}" for capture, sweep, *_ in lacking.iter_rows())


def digests(texts: pl.Series) -> pl.Series:
    """The digest of each text."""
    return pl.Series([hashlib.sha256(each.encode()).hexdigest() for each in texts], dtype=pl.String)


def ledger(
    fetches: pl.DataFrame,
    incomplete: frozenset[str],
    unread: Collection[int],
    items: Sequence[int],
    cut: Collection[int],
) -> pl.DataFrame:
    """A row for every request: what was asked, what came, and whether its listing is whole; `cut` are the answers that leave something out."""
    sweep = pl.concat_str("capture_id", pl.lit(" "), "sweep_id")
    is_cut = pl.col("row").is_in(sorted(cut))
    return (
        fetches.sort("row")
        .with_columns(items=pl.when(~sweep.is_in(sorted(incomplete))).then(pl.Series(items, dtype=pl.Int64)).otherwise(0))
        .select(
            "row", "ts_observed", "capture_id", "endpoint", "params", "sweep_id", "page_no", "http_status", "items",
            "payload_bytes", "duration_ms",
            complete=~sweep.is_in(sorted(incomplete)) & ~pl.col("row").is_in(sorted(unread)) & ~is_cut,
            truncation_suspected=is_cut, params_sha256=digests(fetches.sort("row")["params"]),
        )
    )  # fmt: skip
