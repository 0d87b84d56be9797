"""The bytes of a record: one numpy dtype for each schema and DBN version."""

from typing import NamedTuple

import numpy as np

Fields = list[tuple[str, str]]

HEAD: Fields = [
    ("length", "u1"),
    ("rtype", "u1"),
    ("publisher_id", "<u2"),
    ("instrument_id", "<u4"),
    ("ts_event", "<u8"),
]
MBO = np.dtype(
    [
        *HEAD,
        ("order_id", "<u8"),
        ("price", "<i8"),
        ("size", "<u4"),
        ("flags", "u1"),
        ("channel_id", "u1"),
        ("action", "S1"),
        ("side", "S1"),
        ("ts_recv", "<u8"),
        ("ts_in_delta", "<i4"),
        ("sequence", "<u4"),
    ]
)
TRADES = np.dtype(
    [
        *HEAD,
        ("price", "<i8"),
        ("size", "<u4"),
        ("action", "S1"),
        ("side", "S1"),
        ("flags", "u1"),
        ("depth", "u1"),
        ("ts_recv", "<u8"),
        ("ts_in_delta", "<i4"),
        ("sequence", "<u4"),
    ]
)
MBP_1 = np.dtype(
    [
        *[(name, TRADES[name].str) for name in TRADES.names or ()],
        *[(f"{side}_px_00", "<i8") for side in ("bid", "ask")],
        *[(f"{side}_{what}_00", "<u4") for what in ("sz", "ct") for side in ("bid", "ask")],
    ]
)
STATUS = np.dtype(
    [
        *HEAD,
        ("ts_recv", "<u8"),
        ("action", "<u2"),
        ("reason", "<u2"),
        ("trading_event", "<u2"),
        ("is_trading", "S1"),
        ("is_quoting", "S1"),
        ("is_short_sell_restricted", "S1"),
        ("_reserved", "S7"),
    ]
)


def _statistics(quantity: str, reserved: int) -> np.dtype[np.void]:
    return np.dtype(
        [
            *HEAD,
            ("ts_recv", "<u8"),
            ("ts_ref", "<u8"),
            ("price", "<i8"),
            ("quantity", quantity),
            ("sequence", "<u4"),
            ("ts_in_delta", "<i4"),
            ("stat_type", "<u2"),
            ("channel_id", "<u2"),
            ("update_action", "u1"),
            ("stat_flags", "u1"),
            ("_reserved", f"S{reserved}"),
        ]
    )


STATISTICS_V1 = _statistics("<i4", 6)
STATISTICS_V3 = _statistics("<i8", 18)


class Layout(NamedTuple):
    """A record type and the dtype of its records."""

    rtype: int
    dtype: np.dtype[np.void]

    @property
    def head(self) -> int:
        """The first two bytes of every such record, its length in words of 4 bytes and its type, as one number."""
        return self.dtype.itemsize // 4 | self.rtype << 8
