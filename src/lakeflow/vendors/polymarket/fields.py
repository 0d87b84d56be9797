"""Fields of an item that its row can do without: one that cannot be read is null there, and kept as what was odd about the item."""

from collections.abc import Callable
from typing import Any, NamedTuple

from lakeflow.vendors.polymarket.needed import REASONS, Refused


class Partly(NamedTuple):
    """A row, and the fields of its item that could not be read and are null there."""

    row: Any
    odd: list[Refused]


class Fields(NamedTuple):
    """An item, and of its fields those that could not be read."""

    item: Any
    odd: dict[str, Refused]

    def read(self, field: str, reader: Callable[[Any], Any]) -> Any:
        """The value of a field; None of one that its reader refuses."""
        try:
            return reader(self.item.get(field))
        except tuple(REASONS) as error:
            self.odd[field] = Refused(REASONS[type(error)], f"{field} {error}")
            return None
