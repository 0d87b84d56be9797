"""Whether a listing was fetched to its end: its pages by number, each answered, the last without a cursor."""

from collections.abc import Collection, Sequence

import polars as pl

PAGE_CAP = 100  # markets a page; a larger limit is cut in silence


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


def ledger(
    fetches: pl.DataFrame, incomplete: frozenset[str], unread: Collection[int], items: Sequence[int]
) -> pl.DataFrame:
    """A row for every request: what was asked, what came, and whether its listing is whole."""
    sweep = pl.concat_str("capture_id", pl.lit(" "), "sweep_id")
    is_full = (pl.col("items") >= PAGE_CAP) & pl.col("cursor_out").is_null()
    return (
        fetches.sort("row")
        .with_columns(items=pl.when(~sweep.is_in(sorted(incomplete))).then(pl.Series(items, dtype=pl.Int64)).otherwise(0))
        .select(
            "row", "ts_observed", "capture_id", "endpoint", "params", "sweep_id", "page_no", "http_status", "items",
            "payload_bytes", "duration_ms",
            complete=~sweep.is_in(sorted(incomplete)) & ~pl.col("row").is_in(sorted(unread)),
            truncation_suspected=is_full & (pl.col("sweep_id") != ""),
        )
    )  # fmt: skip
