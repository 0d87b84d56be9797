"""Definition, statistics, status and trade records as tables, whatever the DBN version; what is undefined is null."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import polars as pl

from lakeflow.vendors.databento import definition
from lakeflow.vendors.databento.codes import (
    UNDEF_PRICE,
    UNDEF_STAT_QUANTITY,
    UNDEF_STAT_QUANTITY_V1,
    UNDEF_TIMESTAMP,
)
from lakeflow.vendors.databento.directory import Codes
from lakeflow.vendors.databento.orders import ACTION, SIDE
from lakeflow.vendors.databento.undefined import defined, times

Records = npt.NDArray[np.void]

# Names that SQL reserves, times by the house's rule that every one of them begins with ts_, and a delta that is no time.
RENAMED = {
    "activation": "ts_activation",
    "expiration": "ts_expiration",
    "group": "security_group",
    "ts_in_delta": "in_delta_ns",
}
TIMES = frozenset({"ts_event", "ts_recv", "ts_ref", "activation", "expiration"})
HEADS = frozenset({"length", "rtype"})
# What means undefined, by the type of a field; a 64-bit count of DBN is a price or a time.
UNDEFINED = {
    "i8": UNDEF_PRICE,
    "u8": UNDEF_TIMESTAMP,
    "i4": 2**31 - 1,
    "u4": 2**32 - 1,
    "i2": 2**15 - 1,
    "i1": 127,
}
UNDEFINED |= {"u2": 2**16 - 1, "u1": 255}
ALWAYS = frozenset(
    {
        "publisher_id",
        "instrument_id",
        "sequence",
        "ts_in_delta",
        "stat_type",
        "channel_id",
        "update_action",
        "stat_flags",
        "flags",
        "depth",
    }
)
NO_ID = ("underlying_id", "leg_instrument_id", "leg_underlying_id")
YES_OR_NO = pl.Enum(["Y", "N"])

Table = Callable[[Records, Codes, list[str]], pl.DataFrame]


def definitions(records: Records, _codes: Codes, _symbols: list[str]) -> pl.DataFrame:
    """One row a record; an instrument of several legs has one for each. Nothing of a leg is said where there is none."""
    frame = _frame(definition.as_v3(records))
    legs = [name for name in frame.columns if name.startswith("leg_")]
    has_leg = pl.col("leg_count") > 0
    return frame.with_columns(
        *(pl.when(pl.col(name) != 0).then(pl.col(name)).alias(name) for name in NO_ID if name not in legs),
        *(pl.when(has_leg).then(pl.col(name)).alias(name) for name in legs),
    )


def statistics(records: Records, codes: Codes, symbols: list[str]) -> pl.DataFrame:
    """One row a record, with the symbol that its id stood for; quantities are 64 bits in every version."""
    frame = _frame(records)
    undefined = UNDEF_STAT_QUANTITY if records.dtype["quantity"].itemsize == 8 else UNDEF_STAT_QUANTITY_V1
    quantity = pl.Series("quantity", records["quantity"].astype(np.int64))
    return _named(frame.with_columns(defined(quantity, undefined)), codes, symbols)


def statuses(records: Records, codes: Codes, symbols: list[str]) -> pl.DataFrame:
    """One row a record, with the symbol that its id stood for; `~`, not known, is null."""
    frame = _frame(records)
    answers = [name for name in frame.columns if name.startswith("is_")]
    return _named(frame.with_columns(pl.col(answers).replace("~", None).cast(YES_OR_NO)), codes, symbols)


def trades(records: Records, codes: Codes, symbols: list[str]) -> pl.DataFrame:
    """One row a record, with the symbol that its id stood for; actions and sides must be known."""
    frame = _frame(records)
    letters = pl.col("action").cast(ACTION), pl.col("side").cast(SIDE)
    return _named(frame.with_columns(*letters), codes, symbols)


TABLES: dict[str, Table] = {
    "definition": definitions,
    "statistics": statistics,
    "status": statuses,
    "trades": trades,
}


def _frame(records: Records) -> pl.DataFrame:
    names = [n for n in records.dtype.names or () if n not in HEADS and not n.startswith("_")]
    return pl.DataFrame([_column(name, records[name]).alias(RENAMED.get(name, name)) for name in names])


def _column(name: str, values: npt.NDArray[np.generic]) -> pl.Series:
    if values.dtype.kind == "S":
        # numpy drops the zero bytes that fill a text up; one that is left inside is data.
        texts = pl.Series(name, values.tolist(), pl.Binary).cast(pl.String)
        return texts.set(texts == "", None)
    if name in TIMES:
        return times(pl.Series(name, values.astype(np.int64)))
    series = pl.Series(name, np.ascontiguousarray(values))
    return series if name in ALWAYS else defined(series, UNDEFINED[values.dtype.str[1:]])


def _named(frame: pl.DataFrame, codes: Codes, symbols: list[str]) -> pl.DataFrame:
    names = pl.Series(
        "raw_symbol", [symbols[code] if code >= 0 else None for code in codes.tolist()], pl.String
    )
    place = frame.columns.index("instrument_id") + 1
    return frame.insert_column(place, names)
