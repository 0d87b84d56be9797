"""Which market each token is of: a book is its token's, and a token can be of one market only, the one that is named first."""

from typing import NamedTuple

import numpy as np
import polars as pl

from lakeflow.vendors.polymarket.compiled import Ints
from lakeflow.vendors.polymarket.naming import NAME

OF = ["token_id", "market"]


class Token(NamedTuple):
    """A token's number, and the place of its book among the two of its pair, as they appeared."""

    number: int
    pair: int
    which: int


class Belonging:
    """The tokens that were met so far. One that names no market when it is met has no other token that mirrors it; nor has a third."""

    def __init__(self) -> None:
        self.tokens: dict[str, Token] = {}
        self.homes: dict[str, str | None] = {}  # the market of each token; None while nobody named one
        self._single: dict[str, int] = {}  # pairs that lack a token, by market
        self._pairs = 0

    def meet(self, ops: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Changes in capture order, and apart from them those that deny their token's market: nobody can tell whose they are."""
        named = ops.select(OF).unique(maintain_order=True)
        astray = []
        for token, market in named.iter_rows():
            if token not in self.tokens:
                self.tokens[token] = self._placed(market)
            home = self.homes[token] = self.homes.get(token) or market
            if market is not None and market != home:
                astray.append((token, market))
        if not astray:
            return ops, ops.clear()
        other = pl.DataFrame(astray, schema=dict.fromkeys(OF, NAME), orient="row")
        kept, denied = (ops.join(other, on=OF, how=how, maintain_order="left") for how in ("anti", "semi"))
        return kept, denied

    def _placed(self, market: str | None) -> Token:
        number = len(self.tokens)
        if market is not None and market in self._single:
            return Token(number, self._single.pop(market), 1)
        self._pairs += 1
        if market is not None:
            self._single[market] = self._pairs - 1
        return Token(number, self._pairs - 1, 0)

    def ranks(self) -> Ints:
        """The place of each token, by its number, among all in the order of their names."""
        names = list(self.tokens)
        ranks = np.empty(len(names), np.int64)
        ranks[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
        return ranks

    def numbers(self) -> Ints:
        """The numbers of the two tokens of each pair, -1 of one that was not met; behind all pairs, those of none."""
        found = np.full((self._pairs + 1, 2), -1, np.int64)
        for token in self.tokens.values():
            found[token.pair, token.which] = token.number
        return found
