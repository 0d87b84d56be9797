"""What keeps a table that looks ahead from being published."""

import polars as pl


class Leak(ValueError):
    """A table that is about to be published holds what nobody could have known."""


def refuse_leaks(found: pl.DataFrame) -> None:
    """Raise unless every check passed: what looks ahead is not published."""
    broken = found.filter(~pl.col("passed"))
    if broken.height:
        told = (
            f"{row['check_id']} ({row['about']}): {row['violations']} of {row['rows_checked']} rows, such as {row['sample_keys'][:2]}"
            for row in broken.to_dicts()
        )
        raise Leak(
            "leakage audit: expected no violation, found\n"
            + "\n".join(told)
            + "\nmend the snapshots; nothing is published until then"
        )
