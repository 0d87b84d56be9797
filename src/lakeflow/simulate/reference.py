"""What the vendor says beside the orders: definitions, settlement and volume statistics, trading status."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

from lakeflow.simulate.clock import changes
from lakeflow.simulate.contracts import Instrument, fixed, nanoseconds
from lakeflow.simulate.flow import draws
from lakeflow.simulate.wire import Records, filled
from lakeflow.vendors.databento.codes import UNDEF_PRICE
from lakeflow.vendors.databento.layouts import Layout

INT_MAX = 2**31 - 1
NO_PRICE = (
    "high_limit_price",
    "low_limit_price",
    "price_ratio",
    "strike_price",
    "leg_price",
    "leg_delta",
    "trading_reference_price",
)
NO_COUNT = ("contract_multiplier", "decay_quantity", "original_contract_size")
NO_CODE = (
    "main_fraction",
    "price_display_format",
    "sub_fraction",
    "maturity_day",
    "maturity_week",
    "tick_rule",
    "settl_price_type",
    "md_security_trading_status",
)
SETTLEMENT, CLEARED_VOLUME, OPEN_INTEREST = 3, 6, 9


def definitions(instruments: tuple[Instrument, ...], day: date, layout: Layout) -> Records:
    """One record an instrument, or one for each leg where the layout can tell legs, as of midnight."""
    ids = {each.symbol: each.instrument_id for each in instruments}
    tells_legs = "leg_index" in (layout.dtype.names or ())
    return filled(
        layout,
        (
            _of(each, day) | _leg(each, index, ids)
            for each in instruments
            for index in range(max(1, len(each.legs) if tells_legs else 1))
        ),
    )


def _leg(each: Instrument, index: int, ids: Mapping[str, int]) -> dict[str, Any]:
    """A calendar spread's buyer buys the first leg and sells the second."""
    if not each.legs:
        return {"leg_side": "N"}
    return {
        "leg_count": len(each.legs),
        "leg_index": index,
        "leg_instrument_id": ids[each.legs[index]],
        "leg_raw_symbol": each.legs[index],
        "leg_instrument_class": "F",
        "leg_side": "BA"[index],
        "leg_ratio_qty_numerator": 1,
        "leg_ratio_qty_denominator": 1,
    }


def _of(each: Instrument, day: date) -> dict[str, Any]:
    parent, midnight = each.parent, nanoseconds(day)
    return {
        **dict.fromkeys(NO_PRICE, UNDEF_PRICE),
        **dict.fromkeys(NO_COUNT, INT_MAX),
        **dict.fromkeys(NO_CODE, 255),
        "instrument_id": each.instrument_id,
        "raw_instrument_id": each.instrument_id,
        "ts_event": nanoseconds(day - timedelta(days=1), time(23)),
        "ts_recv": midnight,
        "raw_symbol": each.symbol,
        "instrument_class": each.instrument_class,
        "security_type": "FUT",
        "asset": parent.root,
        "group": parent.root,
        "exchange": "XCME",
        "cfi": "FFIXSX" if each.instrument_class == "F" else "FMIXSX",
        "currency": "USD",
        "unit_of_measure": "IPNT",
        "unit_of_measure_qty": fixed(parent.multiplier),
        "min_price_increment": each.tick,
        "min_price_increment_amount": each.tick
        * parent.multiplier
        // 100,  # 0.125 on ES: no tick value, as in real files
        "max_price_variation": each.tick * 24,
        "display_factor": fixed(0.01),
        "activation": midnight - 400 * 86_400_000_000_000,
        "expiration": each.expiration,
        "maturity_year": each.month.year,
        "maturity_month": each.month.month,
        "market_depth": 10,
        "market_segment_id": 64,
        "max_trade_vol": 3_000,
        "min_trade_vol": 1,
        "match_algorithm": "F",
        "security_update_action": "A",
        "user_defined_instrument": "N",
        "underlying_product": 5,
        "appl_id": 310,
        "decay_start_date": 65_535,
        "contract_multiplier_unit": 127,
        "flow_schedule_type": 127,
        "trading_reference_date": 65_535,
    }


def statistics(instruments: tuple[Instrument, ...], day: date, seed: int, layout: Layout) -> Records:
    """In the morning yesterday's cleared volume and open interest, in the evening today's settlement."""
    chance = draws("statistics", instruments[0].symbol, day.isoformat(), seed)
    rows = []
    for each in instruments:
        volume = int(1_500_000 * each.share * (0.8 + 0.4 * next(chance)))
        for kind, quantity in ((CLEARED_VOLUME, volume), (OPEN_INTEREST, volume * 2)):
            rows.append(
                _statistic(each, kind, time(3, 0), day, day - timedelta(days=1)) | {"quantity": quantity}
            )
    for each in instruments:
        price = each.opening + int((next(chance) - 0.5) * 40) * each.tick
        rows.append(_statistic(each, SETTLEMENT, time(21, 30), day, day) | {"price": price})
    return filled(layout, rows if changes(day)[0][1] else ())


def _statistic(each: Instrument, kind: int, at: time, day: date, about: date) -> dict[str, Any]:
    happened = nanoseconds(day, at)
    return {
        "instrument_id": each.instrument_id,
        "ts_event": happened,
        "ts_recv": happened + 120_000,
        "ts_ref": nanoseconds(about),
        "price": UNDEF_PRICE,
        "stat_type": kind,
        "update_action": 1,
        "stat_flags": 255,
        "ts_in_delta": 14_000,
    }
