"""What can be wrong with an order record: one bit a class; a book counts them, has a policy for each, and never stops."""

import numpy as np

CLASSES = (
    "unknown_action",  # ignored
    "bad_side",  # a resting order on no side: ignored
    "undefined_price",  # ignored
    "bad_size",  # zero or undefined: ignored, but a modify to zero removes the order
    "duplicate_add",  # the newer record is the truth: the order goes to the back of its queue
    "unknown_cancel",  # ignored
    "over_cancel",  # takes what is there
    "unknown_modify",  # added
    "unknown_fill",  # ignored, as every fill; icebergs fill so
    "side_flip",  # a modify moves the order to the other side; a cancel finds it wherever it rests
    "price_mismatch",  # a cancel finds the order at its own price
    "implicit_clear",  # a snapshot began without a clear
    "maybe_bad_book",  # suspect until the next clear
)
(
    UNKNOWN_ACTION,
    BAD_SIDE,
    UNDEFINED_PRICE,
    BAD_SIZE,
    DUPLICATE_ADD,
    UNKNOWN_CANCEL,
    OVER_CANCEL,
    UNKNOWN_MODIFY,
    UNKNOWN_FILL,
    SIDE_FLIP,
    PRICE_MISMATCH,
    IMPLICIT_CLEAR,
    MAYBE_BAD_BOOK,
) = (np.uint64(1 << n) for n in range(len(CLASSES)))


def names(bits: int) -> list[str]:
    """The classes that a number of bits stands for."""
    return [name for n, name in enumerate(CLASSES) if bits >> n & 1]
