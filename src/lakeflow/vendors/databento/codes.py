"""The numbers that stand for names in DBN: schemas, symbol types, record types, flags, and what means undefined."""

SCHEMAS = (
    "mbo",
    "mbp-1",
    "mbp-10",
    "tbbo",
    "trades",
    "ohlcv-1s",
    "ohlcv-1m",
    "ohlcv-1h",
    "ohlcv-1d",
    "definition",
    "statistics",
    "status",
    "imbalance",
    "ohlcv-eod",
    "cmbp-1",
    "cbbo-1s",
    "cbbo-1m",
    "tcbbo",
    "bbo-1s",
    "bbo-1m",
)
MIXED = 0xFFFF  # the schema code of a file that holds several schemas
STYPES = (
    "instrument_id",
    "raw_symbol",
    "smart",
    "continuous",
    "parent",
    "nasdaq_symbol",
    "cms_symbol",
    "isin",
    "us_code",
    "bbg_comp_id",
    "bbg_comp_ticker",
    "figi",
    "figi_ticker",
)
NO_STYPE = 0xFF

# Record types, by the name that a reader of an error knows them by.
RTYPES = {
    0x00: "trades",
    0x01: "mbp-1",
    0x0A: "mbp-10",
    0x12: "status",
    0x13: "definition",
    0x14: "imbalance",
    0x15: "error message",
    0x16: "symbol mapping message",
    0x17: "system message",
    0x18: "statistics",
    0x20: "ohlcv-1s",
    0x21: "ohlcv-1m",
    0x22: "ohlcv-1h",
    0x23: "ohlcv-1d",
    0xA0: "mbo",
    0xB1: "cmbp-1",
    0xC0: "cbbo-1s",
    0xC1: "cbbo-1m",
    0xC2: "tcbbo",
    0xC3: "bbo-1s",
    0xC4: "bbo-1m",
}

F_LAST = 128  # last record of an event, for its instrument
F_TOB = 64  # top of book, no order
F_SNAPSHOT = 32  # from a snapshot, not an event of now
F_MBP = 16  # a price level, no order
F_BAD_TS_RECV = 8
F_MAYBE_BAD_BOOK = 4
F_PUBLISHER_SPECIFIC = 2

ACTIONS = "ACMRTFN"  # add, cancel, modify, clear, trade, fill, none
SIDES = "ABN"  # ask, bid, none

UNDEF_PRICE = 2**63 - 1
UNDEF_TIMESTAMP = 2**64 - 1
UNDEF_ORDER_SIZE = 2**32 - 1
UNDEF_STAT_QUANTITY = 2**63 - 1
UNDEF_STAT_QUANTITY_V1 = 2**31 - 1
PRICE_SCALE = 1_000_000_000
