"""The small SQL that a contract's rule is written in, read just far enough to name its columns and find its mistakes.

    rule    = and {OR and}                   compare = = <> != < <= > >=
    and     = not {AND not}                  sum     = term {(+ | -) term}
    not     = NOT not | test                 term    = factor {(* | %) factor}
    test    = sum [compare sum]              factor  = - factor | (rule) | number | 'text' | TRUE | FALSE
            | sum [NOT] BETWEEN sum AND sum          | ABS | COALESCE | GREATEST | LEAST (rule, ...)
            | sum [NOT] IN (factor, ...)             | column
            | sum IS [NOT] NULL

There is no `/`: SQL engines do not agree on what it does to integers; multiply the other side.
"""

import re
from collections.abc import Callable

FUNCTIONS = frozenset({"ABS", "COALESCE", "GREATEST", "LEAST"})
WORDS = frozenset({"AND", "BETWEEN", "FALSE", "IN", "IS", "NOT", "NULL", "OR", "TRUE"})
COMPARE = frozenset({"=", "<>", "!=", "<", "<=", ">", ">="})
# A number, a text in single quotes, a word, an operator; anything else is a mistake.
TOKEN = re.compile(
    r"\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|'(?:[^']|'')*'|\w+|<>|!=|<=|>=|[-=<>+*%(),])|(\S))"
)


def columns_of(rule: str) -> frozenset[str]:
    """The columns a rule reads; ValueError says what was expected and what was found instead."""
    reading = _Reading(_tokens(rule))
    reading.rule()
    if reading.next is not None:
        raise ValueError(f"expected an operator or the end, found {reading.next}")
    return frozenset(reading.columns)


def _tokens(rule: str) -> list[str]:
    tokens = []
    for match in TOKEN.finditer(rule.rstrip()):
        if match[2]:
            raise ValueError(f"expected a column, a number, a text in '' or an operator, found {match[2]}")
        tokens.append(match[1])
    return tokens


class _Reading:
    """Recursive descent over the tokens, one method for each line of the grammar above."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.columns: set[str] = set()

    @property
    def next(self) -> str | None:
        return self.tokens[0] if self.tokens else None

    def take(self, *words: str) -> bool:
        """Steps over the next token if it is one of these words."""
        if self.next is None or self.next.upper() not in words:
            return False
        self.tokens.pop(0)
        return True

    def need(self, word: str) -> None:
        if not self.take(word):
            raise ValueError(f"expected {word}, found {self.next or 'the end'}")

    def chain(self, part: Callable[[], None], *between: str) -> None:
        part()
        while self.take(*between):
            part()

    def rule(self) -> None:
        self.chain(lambda: self.chain(self.negation, "AND"), "OR")

    def negation(self) -> None:
        while self.take("NOT"):
            pass
        self.test()

    def test(self) -> None:
        self.sum()
        if self.take("IS"):
            self.take("NOT")
            self.need("NULL")
        elif self.take(*COMPARE):
            self.sum()
        else:
            self.membership()

    def membership(self) -> None:
        negated = self.take("NOT")
        if self.take("BETWEEN"):
            self.sum()
            self.need("AND")
            self.sum()
        elif self.take("IN"):
            self.need("(")
            self.chain(self.factor, ",")
            self.need(")")
        elif negated:
            raise ValueError(f"expected BETWEEN or IN, found {self.next or 'the end'}")

    def sum(self) -> None:
        self.chain(lambda: self.chain(self.factor, "*", "%"), "+", "-")

    def factor(self) -> None:
        if self.take("-"):
            self.factor()
        elif self.take("("):
            self.rule()
            self.need(")")
        elif self.take(*FUNCTIONS):
            self.need("(")
            self.chain(self.rule, ",")
            self.need(")")
        else:
            self.atom()

    def atom(self) -> None:
        token = self.next
        if token is None or not re.match(r"[\w']", token) or token.upper() in WORDS - {"TRUE", "FALSE"}:
            raise ValueError(f"expected a column or a value, found {token or 'the end'}")
        self.tokens.pop(0)
        if re.match(r"[^\W\d]", token) and token.upper() not in WORDS:
            self.columns.add(token)
