"""Text of JSON to columns, many at a time: where one text is broken, only that one is left out."""

from typing import NamedTuple

import polars as pl

DECODED = "decoded"


class Decoded(NamedTuple):
    """The values of the texts that could be read, and the places of those that could not."""

    values: pl.Series
    places: pl.Series  # of each value among the texts
    broken: list[int]


def decoded(texts: pl.Series, dtype: pl.DataType) -> Decoded:
    """Every text by a type; fields that the type does not name are passed over, those that a text lacks are null."""
    places = (
        pl.Series("place", range(len(texts)), pl.Int64)
        if len(texts) < 2
        else pl.int_range(len(texts), eager=True)
    )
    good: list[tuple[pl.Series, pl.Series]] = []
    broken: list[int] = []
    halves = [(texts, places)]
    while halves:
        text, place = halves.pop()
        values = _whole(text, dtype)
        if values is not None:
            good.append((values, place))
        elif len(text) == 1:
            broken.append(int(place[0]))
        else:
            half = len(text) // 2
            halves += [(text[half:], place[half:]), (text[:half], place[:half])]
    if not good:
        return Decoded(pl.Series(DECODED, [], dtype), places.clear(), sorted(broken))
    return Decoded(
        pl.concat([each for each, _ in good]).alias(DECODED),
        pl.concat([place for _, place in good]).alias("place"),
        sorted(broken),
    )


def _whole(texts: pl.Series, dtype: pl.DataType) -> pl.Series | None:
    """All of the values, or None where one text is broken; polars passes over a blank text, so it counts as broken."""
    if not len(texts):
        return pl.Series(DECODED, [], dtype)
    try:
        values = texts.str.json_decode(dtype)
    except pl.exceptions.ComputeError:
        return None
    return values if len(values) == len(texts) and not values.is_null().any() else None
