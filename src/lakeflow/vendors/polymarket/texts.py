"""What was asked of the services, and the text of each answer: the first of a day at once, the second some megabytes at a time."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import polars as pl

TEXTS = 32 << 20  # bytes of answers that are read at a time
# What an answer is read by, under the names that it has there.
NAMED = {"observed": pl.col("ts_observed").dt.epoch("ns"), "capture": pl.col("capture_id"), "status": pl.col("http_status")}  # fmt: skip


def asked_of(fetches: pl.LazyFrame) -> pl.DataFrame:
    """All answers without their texts; `place` is the row that the text is at."""
    return fetches.drop("payload").with_columns(place="row").collect()


def with_texts(asked: pl.DataFrame, fetches: pl.LazyFrame, size: int) -> Iterator[pl.DataFrame]:
    """The answers with their texts, about so many bytes of them at a time, in their order."""
    if not asked.height:
        return
    filled = np.cumsum(asked["payload_bytes"].to_numpy()) // size
    borders = [0, *(np.flatnonzero(np.diff(filled)) + 1).tolist(), asked.height]
    for begin, end in pairwise(borders):
        some = asked.slice(begin, end - begin)
        texts = fetches.filter(pl.col("row").is_between(some["place"].min(), some["place"].max()))
        held = texts.select(place="row", payload="payload").collect()
        yield some.join(held, on="place", how="left", maintain_order="left").with_columns(**NAMED)
