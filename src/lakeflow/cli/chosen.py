"""From the words of a command to a request: which datasets, whose symbols, which dates, in this project."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lakeflow.dates import EVERY_DATE, FIRST, LAST, Dates, dates_asked
from lakeflow.errors import UsageError
from lakeflow.project import Project
from lakeflow.request import Request, every_date
from lakeflow.selector import match_datasets, parse_selection, words
from lakeflow.upstream import above, below

Words = Sequence[str] | None


@dataclass(frozen=True)
class Choice:
    """The words as they were said."""

    selectors: Words = None
    layer: Words = None
    product_type: Words = None
    stage: Words = None
    symbol: Words = None
    dt: str | None = None
    since: str | None = None
    until: str | None = None
    overwrite: bool = False
    upstream: bool = True

    def request(self, project: Project) -> Request:
        """What they mean in a project; words that mean nothing in it are an error with what there is."""
        datasets, named = self.datasets(project)
        dates = self.dates(project, datasets)
        return Request(
            datasets=datasets,
            symbols=words(self.symbol, "--symbol"),
            first="" if dates.first == FIRST else dates.first,
            last="9999" if dates.last == LAST else dates.last,
            wants_date=every_date if dates is EVERY_DATE else dates.contains,
            upstream=self.upstream,
            overwrite=self.overwrite,
            named=named,
        )

    def datasets(self, project: Project) -> tuple[frozenset[str], frozenset[str]]:
        """The datasets meant, with `+` followed both ways, and those said outright."""
        catalog = project.catalog
        selection = parse_selection(
            self.selectors,
            layers=self.layer,
            product_types=self.product_type,
            stages=self.stage,
            symbols=self.symbol,
        )
        keys = [key for key, dataset in catalog.datasets.items() if not dataset.is_raw]
        raw = [key for key, dataset in catalog.datasets.items() if dataset.is_raw]
        # `raw.x+` means all that is made from it; raw itself is never made.
        every = [*keys, *raw] if any(p.downstream for p in selection.patterns) else keys
        matched = match_datasets(
            selection, every, {s.key: tuple(s.makes.values()) for s in catalog.stages.values()}
        )
        up = above(catalog, [catalog.maker[key] for key in matched.upstream if key in catalog.maker])
        chosen = set(matched.datasets) | below(catalog, set(matched.downstream))
        chosen |= {made for stage in up for made in catalog.stages[stage].makes.values()}
        return frozenset(chosen - set(raw)), matched.named

    def dates(self, project: Project, datasets: frozenset[str]) -> Dates:
        """The dates said; `last 5 sessions` are those of the one calendar that the chosen products share."""
        today = datetime.now(UTC).date()
        asked = dates_asked([] if self.dt is None else [self.dt], self.since, self.until, today)
        if not asked.last_sessions:
            return asked
        products = sorted({project.catalog.datasets[key].product_type for key in datasets})
        calendars = {project.catalog.products[name].calendar for name in products}
        if len(calendars) > 1:
            raise UsageError(
                f"last {asked.last_sessions} sessions: {', '.join(products)} have several calendars; say --product-type"
            )
        return asked.resolved(lambda count: project.days.last_sessions(products[0], today, count))
