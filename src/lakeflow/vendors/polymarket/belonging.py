"""Which market each token is of: a book is its token's, and a token can be of one market only, the one that is named first."""

from typing import NamedTuple

import polars as pl

OF = ["token_id", "market"]


class Belonging(NamedTuple):
    """Tokens with their market, null where nobody names one; changes that do not deny it; and those that do."""

    homes: pl.DataFrame
    ops: pl.DataFrame
    astray: pl.DataFrame


def belonging(ops: pl.DataFrame) -> Belonging:
    """Changes in capture order, and apart from them those that name another market: nobody can tell whose they are."""
    named = ops.select(OF).unique(maintain_order=True)
    homes = named.group_by("token_id", maintain_order=True).agg(pl.col("market").drop_nulls().first())
    other = named.filter(pl.col("market").is_not_null()).join(homes, on=OF, how="anti")
    if other.is_empty():
        return Belonging(homes, ops, ops.clear())
    kept, astray = (ops.join(other, on=OF, how=how, maintain_order="left") for how in ("anti", "semi"))
    return Belonging(homes, kept, astray)
