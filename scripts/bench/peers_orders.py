"""Order records as the peers can follow them: they know no partial cancel, so that is told as the size that is left."""

import numpy as np
from book_day import Records

ADD, CANCEL, MODIFY = b"A", b"C", b"M"


def followable(records: Records) -> Records:
    """The adds, cancels and modifies, so that a peer ends with our book; trades and fills, which move none, are left out."""
    some = records[np.isin(records["action"], (ADD, CANCEL, MODIFY))].copy()
    actions, sizes = some["action"].tolist(), some["size"].tolist()
    left: dict[int, int] = {}
    for n, order_id in enumerate(some["order_id"].tolist()):
        if actions[n] == CANCEL:
            sizes[n] = left[order_id] - sizes[n]
            actions[n] = MODIFY if sizes[n] else CANCEL
        left[order_id] = sizes[n]
    some["action"], some["size"] = actions, sizes
    return some
