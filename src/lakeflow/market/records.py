"""A market-by-order record as a book reads it: seven words of 64 bits, the letters, the flags, and what is undefined."""

import numpy as np
import numpy.typing as npt

Records = npt.NDArray[np.void]
Words = npt.NDArray[np.uint64]

MBO = np.dtype(
    [
        ("length", "u1"),
        ("rtype", "u1"),
        ("publisher_id", "<u2"),
        ("instrument_id", "<u4"),
        ("ts_event", "<u8"),
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

# The words of a record. Kernels mix no signed number into unsigned ones, or numba would compute in floats.
WORDS = np.uint64(7)
HEAD, EVENT, ID, PRICE, TAIL, RECEIVED = (np.uint64(n) for n in range(6))
KEY_SHIFT = np.uint64(16)  # of HEAD: publisher, then instrument
SIZE_MASK = np.uint64(0xFFFFFFFF)  # of TAIL
FLAGS_SHIFT, ACTION_SHIFT, SIDE_SHIFT, BYTE = (np.uint64(n) for n in (32, 48, 56, 255))

ADD, CANCEL, MODIFY, CLEAR, TRADE, FILL, NOTHING = (np.uint64(ord(letter)) for letter in "ACMRTFN")
ASK, BID, NO_SIDE = (np.uint64(ord(letter)) for letter in "ABN")

F_LAST = np.uint64(128)  # the event ends here, for this instrument
F_TOB = np.uint64(64)  # the best price of a side, no order
F_SNAPSHOT = np.uint64(32)
F_MBP = np.uint64(16)  # all that rests at a price, no order
F_MAYBE_BAD_BOOK = np.uint64(4)

UNDEF_PRICE = np.int64(2**63 - 1)
UNDEF_SIZE = np.uint64(2**32 - 1)


def words(records: Records) -> Words:
    """The records as 64-bit words, seven to each; reading words is far faster than reading fields."""
    if records.dtype.itemsize != MBO.itemsize:
        raise ValueError(f"an order record has {MBO.itemsize} bytes, these have {records.dtype.itemsize}")
    return np.ascontiguousarray(records).view(np.uint64)
