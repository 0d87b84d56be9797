"""A dull book in plain Python that the kernel is judged by: it searches everything from end to end."""

from dataclasses import dataclass, field

TOB, SNAPSHOT, MBP, BAD = 64, 32, 16, 4
UNDEF = 2**63 - 1
DAY = 86_400_000_000_000


@dataclass
class Resting:
    order_id: int | None  # None: an aggregate, no order
    size: int


@dataclass
class Side:
    levels: dict[int, list[Resting]] = field(default_factory=dict)

    def top(self, depth, best):
        prices = sorted(self.levels, reverse=best is max)[:depth]
        rows = [(price, sum(r.size for r in self.levels[price]), sum(r.order_id is not None for r in self.levels[price]))
                for price in prices]  # fmt: skip
        return rows + [(UNDEF, 0, 0)] * (depth - len(rows))

    def without(self, price, resting):
        self.levels[price].remove(resting)
        if not self.levels[price]:
            del self.levels[price]


@dataclass
class Twin:
    """One instrument at one publisher. Searches everything from end to end; fast is not its task."""

    sides: dict[str, Side] = field(default_factory=lambda: {"B": Side(), "A": Side()})
    suspect: bool = False
    snapshot_day: int | None = None

    def place(self, order_id):
        for side, levels in self.sides.items():
            for price, queue in levels.levels.items():
                for resting in queue:
                    if resting.order_id == order_id:
                        return side, price, resting
        return None

    def state(self):
        """Every queue: ids (None for an aggregate) and sizes, the first to be filled first."""
        return {
            side: {
                price: [(r.order_id, r.size) for r in queue] for price, queue in sorted(levels.levels.items())
            }
            for side, levels in self.sides.items()
        }

    def quotes(self, depth):
        return self.sides["B"].top(depth, max), self.sides["A"].top(depth, min)

    def clear(self):
        self.sides = {"B": Side(), "A": Side()}
        self.suspect = False

    def apply(self, r):
        """Do what one record says; the classes of what was wrong with it come back."""
        action, side, flags = r["action"].decode(), r["side"].decode(), int(r["flags"])
        wrong = set()
        if action == "R":
            self.clear()
            self.snapshot_day = int(r["ts_recv"]) // DAY
        elif action in "ACM":
            wrong |= self.change(action, side, flags, r) if side in ("A", "B") else {"bad_side"}
        elif action == "F":
            wrong |= set() if self.place(int(r["order_id"])) else {"unknown_fill"}
        elif action not in "TN":
            wrong.add("unknown_action")
        if flags & BAD:
            self.suspect = True
            wrong.add("maybe_bad_book")
        return wrong

    def change(self, action, side, flags, r):
        order_id, price, size, wrong = int(r["order_id"]), int(r["price"]), int(r["size"]), set()
        day = int(r["ts_recv"]) // DAY
        if flags & SNAPSHOT and action == "A":
            if self.snapshot_day != day:
                self.clear()
                wrong.add("implicit_clear")
            self.snapshot_day = day
        else:
            self.snapshot_day = None
        if flags & TOB and action != "C":
            return wrong | self.replace_side(side, price, size)
        if flags & (TOB | MBP):
            return wrong | self.aggregate(action, side, price, size)
        return wrong | {"A": self.add, "C": self.cancel, "M": self.modify}[action](
            order_id, side, price, size
        )

    def replace_side(self, side, price, size):
        self.sides[side] = Side()
        if price == UNDEF:
            return set()
        if size in (0, 2**32 - 1):
            return {"bad_size"}
        self.sides[side].levels[price] = [Resting(None, size)]
        return set()

    def aggregate(self, action, side, price, size):
        if price == UNDEF:
            return {"undefined_price"}
        if size == 2**32 - 1 or (size == 0 and action == "C"):
            return {"bad_size"}
        queue = self.sides[side].levels.get(price, [])
        found = next((resting for resting in queue if resting.order_id is None), None)
        if action == "C":
            if found is None:
                return {"unknown_cancel"}
            return self.take(side, price, found, size)
        if found is not None and size:
            found.size = size
        elif found is not None:
            self.sides[side].without(price, found)
        elif size:
            self.sides[side].levels.setdefault(price, []).append(Resting(None, size))
        return set()

    def take(self, side, price, resting, size):
        wrong = {"over_cancel"} if size > resting.size else set()
        if size < resting.size:
            resting.size -= size
        else:
            self.sides[side].without(price, resting)
        return wrong

    def append(self, order_id, side, price, size):
        self.sides[side].levels.setdefault(price, []).append(Resting(order_id, size))

    def add(self, order_id, side, price, size):
        if price == UNDEF:
            return {"undefined_price"}
        if size in (0, 2**32 - 1):
            return {"bad_size"}
        found, wrong = self.place(order_id), set()
        if found:
            self.sides[found[0]].without(found[1], found[2])
            wrong.add("duplicate_add")
        self.append(order_id, side, price, size)
        return wrong

    def cancel(self, order_id, side, price, size):
        if size in (0, 2**32 - 1):
            return {"bad_size"}
        found = self.place(order_id)
        if not found:
            return {"unknown_cancel"}
        wrong = ({"side_flip"} if found[0] != side else set()) | (
            {"price_mismatch"} if found[1] != price else set()
        )
        return wrong | self.take(*found, size)

    def modify(self, order_id, side, price, size):  # noqa: PLR0911  a case is a return
        if price == UNDEF:
            return {"undefined_price"}
        if size == 2**32 - 1:
            return {"bad_size"}
        found = self.place(order_id)
        if not found:
            if size == 0:
                return {"unknown_modify", "bad_size"}
            self.append(order_id, side, price, size)
            return {"unknown_modify"}
        wrong = {"side_flip"} if found[0] != side else set()
        old_side, old_price, resting = found
        if size == 0:
            self.sides[old_side].without(old_price, resting)
            return wrong | {"bad_size"}
        if (old_side, old_price) == (side, price) and size <= resting.size:
            resting.size = size
            return wrong
        self.sides[old_side].without(old_price, resting)
        self.append(order_id, side, price, size)
        return wrong
