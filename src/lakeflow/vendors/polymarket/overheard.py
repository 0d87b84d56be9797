"""What a recorder and the archive both heard: the archive writes it in other text, so that only its content tells."""

from collections.abc import Sequence

import polars as pl

from lakeflow.vendors.polymarket.archive import CAPTURE

TRADE = ("token_id", "ts_event", "side", "price", "size", "transaction")
CHANGE = ("token_id", "ts_event", "op", "side", "tick", "size", "said_bid", "said_ask")


def first_archived(frames: pl.DataFrame) -> int | None:
    """The row from which frames are the archive's; None where it gives none."""
    first: int | None = frames.filter(pl.col("capture_id") == CAPTURE).select(pl.col("row").min()).item()
    return first


def heard_before(rows: pl.DataFrame, archived_from: int | None, content: Sequence[str]) -> pl.DataFrame:
    """Rows without those of the archive that a recorder has had: the n-th of a content here is the n-th there."""
    if archived_from is None:
        return rows
    own, archived = rows.filter(pl.col("row") < archived_from), rows.filter(pl.col("row") >= archived_from)
    nth = pl.int_range(pl.len()).over(content).alias("nth")
    known = own.select(*content, nth)
    new = archived.with_columns(nth).join(
        known, on=[*content, "nth"], how="anti", nulls_equal=True, maintain_order="left"
    )
    return pl.concat([own, new.drop("nth")])
