"""A dull book for every instrument and publisher, and what a replay says of a stream of records."""

from dataclasses import dataclass, field

from tests.market.book_twin import Twin

LAST = 128


@dataclass
class Twins:
    """A twin for every instrument and publisher, and what a replay says of a stream of records."""

    depth: int
    books: dict[tuple[int, int], Twin] = field(default_factory=dict)
    told: dict[tuple[int, int], tuple] = field(default_factory=dict)
    rows: list[tuple] = field(default_factory=list)
    wrong: list[tuple] = field(default_factory=list)
    seen: int = 0

    def apply(self, records):
        for record in records:
            key = int(record["instrument_id"]), int(record["publisher_id"])
            twin = self.books.setdefault(key, Twin())
            if found := twin.apply(record):
                self.wrong.append((self.seen, *key, frozenset(found)))
            if record["flags"] & LAST:
                said = twin.quotes(self.depth), twin.suspect
                if self.told.get(key) != said:
                    self.rows.append((self.seen, *key, *said))
                    self.told[key] = said
            self.seen += 1
        return self
