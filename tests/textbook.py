"""The worked example of order-flow imbalance: best bid, its lots, best offer and its lots after each event."""

STATES = [
    (100, 10, 101, 12),
    (100, 15, 101, 12),
    (100, 15, 101, 7),
    (101, 4, 102, 9),
    (101, 4, 102, 9),
    (100, 15, 102, 9),
]
