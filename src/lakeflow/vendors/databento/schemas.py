"""Which layout the records of a file have, by its schema and DBN version."""

from lakeflow.vendors.databento import definition
from lakeflow.vendors.databento.layouts import (
    MBO,
    MBP_1,
    STATISTICS_V1,
    STATISTICS_V3,
    STATUS,
    TRADES,
    Layout,
)

VERSIONS = (1, 2, 3)

LAYOUTS: dict[str, dict[int, Layout]] = {
    "mbo": {version: Layout(0xA0, MBO) for version in VERSIONS},
    "trades": {version: Layout(0x00, TRADES) for version in VERSIONS},
    "mbp-1": {version: Layout(0x01, MBP_1) for version in VERSIONS},
    "definition": {
        1: Layout(0x13, definition.V1),
        2: Layout(0x13, definition.V2),
        3: Layout(0x13, definition.V3),
    },
    "statistics": {
        1: Layout(0x18, STATISTICS_V1),
        2: Layout(0x18, STATISTICS_V1),
        3: Layout(0x18, STATISTICS_V3),
    },
    "status": {version: Layout(0x12, STATUS) for version in VERSIONS},
}
