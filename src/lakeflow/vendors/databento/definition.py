"""The definition record of DBN v1, v2 and v3, and any of them as v3."""

import numpy as np
import numpy.typing as npt

from lakeflow.vendors.databento.codes import UNDEF_PRICE
from lakeflow.vendors.databento.layouts import HEAD, Fields

Records = npt.NDArray[np.void]


def _run(names: str, code: str) -> Fields:
    return [(name, code) for name in names.split()]


_LIMITS = _run("min_price_increment display_factor", "<i8") + _run("expiration activation", "<u8")
_PRICES = _run("high_limit_price low_limit_price max_price_variation", "<i8")
_TRADING: Fields = [
    *_run("market_depth_implied market_depth", "<i4"),
    *_run("market_segment_id max_trade_vol", "<u4"),
    *_run("min_lot_size min_lot_size_block min_lot_size_round_lot", "<i4"),
    ("min_trade_vol", "<u4"),
]
_CONTRACT = _run("contract_multiplier decay_quantity original_contract_size", "<i4")
_DATES: Fields = [("appl_id", "<i2"), *_run("maturity_year decay_start_date channel_id", "<u2")]
_RULES: Fields = _run("main_fraction price_display_format", "u1")
_MATURITY: Fields = [
    ("security_update_action", "S1"),
    *_run("maturity_month maturity_day maturity_week", "u1"),
    ("user_defined_instrument", "S1"),
    *_run("contract_multiplier_unit flow_schedule_type", "i1"),
    ("tick_rule", "u1"),
]


def _texts(symbol: int, asset: int) -> Fields:
    return [
        *_run("currency settl_currency", "S4"),
        ("secsubtype", "S6"),
        ("raw_symbol", f"S{symbol}"),
        ("group", "S21"),
        ("exchange", "S5"),
        ("asset", f"S{asset}"),
        *_run("cfi security_type", "S7"),
        ("unit_of_measure", "S31"),
        ("underlying", "S21"),
        ("strike_price_currency", "S4"),
    ]


def _old_tail(last: Fields) -> Fields:
    return [
        ("match_algorithm", "S1"),
        ("md_security_trading_status", "u1"),
        *_RULES,
        *_run("settl_price_type sub_fraction underlying_product", "u1"),
        *_MATURITY,
        *last,
    ]


V1 = np.dtype(
    [
        *HEAD,
        ("ts_recv", "<u8"),
        *_LIMITS,
        *_PRICES,
        *_run("trading_reference_price unit_of_measure_qty min_price_increment_amount price_ratio", "<i8"),
        ("inst_attrib_value", "<i4"),
        *_run("underlying_id raw_instrument_id", "<u4"),
        *_TRADING,
        ("_reserved2", "S4"),
        *_CONTRACT,
        ("_reserved3", "S4"),
        ("trading_reference_date", "<u2"),
        *_DATES,
        *_texts(22, 7),
        ("instrument_class", "S1"),
        ("_reserved4", "S2"),
        ("strike_price", "<i8"),
        ("_reserved5", "S6"),
        *_old_tail([("_dummy", "S3")]),
    ]
)
V2 = np.dtype(
    [
        *HEAD,
        ("ts_recv", "<u8"),
        *_LIMITS,
        *_PRICES,
        *_run("trading_reference_price unit_of_measure_qty min_price_increment_amount price_ratio", "<i8"),
        ("strike_price", "<i8"),
        ("inst_attrib_value", "<i4"),
        *_run("underlying_id raw_instrument_id", "<u4"),
        *_TRADING,
        *_CONTRACT,
        ("trading_reference_date", "<u2"),
        *_DATES,
        *_texts(71, 7),
        ("instrument_class", "S1"),
        *_old_tail([("_reserved", "S10")]),
    ]
)
V3 = np.dtype(
    [
        *HEAD,
        ("ts_recv", "<u8"),
        *_LIMITS,
        *_PRICES,
        *_run("unit_of_measure_qty min_price_increment_amount price_ratio strike_price", "<i8"),
        ("raw_instrument_id", "<u8"),
        *_run("leg_price leg_delta", "<i8"),
        ("inst_attrib_value", "<i4"),
        ("underlying_id", "<u4"),
        *_TRADING,
        *_CONTRACT,
        ("leg_instrument_id", "<u4"),
        *_run("leg_ratio_price_numerator leg_ratio_price_denominator", "<i4"),
        *_run("leg_ratio_qty_numerator leg_ratio_qty_denominator", "<i4"),
        ("leg_underlying_id", "<u4"),
        *_DATES,
        *_run("leg_count leg_index", "<u2"),
        *_texts(71, 11),
        ("leg_raw_symbol", "S71"),
        *_run("instrument_class match_algorithm", "S1"),
        *_RULES,
        *_run("sub_fraction underlying_product", "u1"),
        *_MATURITY,
        *_run("leg_instrument_class leg_side", "S1"),
        ("_reserved", "S17"),
    ]
)


def as_v3(records: Records) -> Records:
    """The same definitions in the v3 layout; what an older record does not hold is undefined, never guessed."""
    if records.dtype == V3:
        return records
    upgraded = np.zeros(len(records), V3)
    for name in V3.names or ():
        if name in (records.dtype.names or ()) and not name.startswith("_"):
            upgraded[name] = records[name]
    upgraded["length"] = V3.itemsize // 4
    upgraded["leg_price"] = upgraded["leg_delta"] = UNDEF_PRICE
    return upgraded
