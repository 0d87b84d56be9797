"""Why a request found nothing to make: the day, the selection, the kind of symbol, or a symbol that nobody knows."""

from datetime import date

from lakeflow.cli.chosen import Choice
from lakeflow.nearby import nearest
from lakeflow.project import Project
from lakeflow.request import Request
from lakeflow.universe import Universe

FEW = 6  # symbols that are named where none is near


def nothing_of(choice: Choice, project: Project) -> str:
    """One reason: what the selection chose, a symbol of a wrong kind, a day that is no session, or no delivery."""
    request = choice.request(project)
    planner = project.planner(request)
    planner.steps()
    if said := planner.selected.told():
        return "nothing to make: the selection chose\n" + "\n".join(said)
    universe = project.universe()
    if of_parent := made_for_parents(project, request, universe):
        return of_parent
    known = symbols_of(project, request, universe)
    when = closed(project, request, known) or (f" on {choice.dt}" if choice.dt else "")
    every = {symbol for symbols in known.values() for symbol in symbols}
    meant = nearest(request.symbols[0], every)
    hint = (
        f"did you mean {' or '.join(meant)}?"
        if meant and request.symbols[0] not in every
        else f"{there(project, request, every)}add the vendor's files with: lakeflow raw add FILE..."
    )
    said_of = "" if when.startswith(", ") else f": no delivery of it is in the lake; {hint}"
    return f"nothing to make for symbol {', '.join(request.symbols)}{when}{said_of}"


def there(project: Project, request: Request, every: set[str]) -> str:
    """What the lake has instead: the days of a symbol that it knows, else the symbols."""
    if request.symbols[0] not in every:
        few = [*sorted(every)[:FEW], *(["..."] if len(every) > FEW else [])]
        return f"it has {', '.join(few)}; " if few else ""
    universe = project.universe()
    days = {
        dt
        for dataset in project.catalog.datasets.values()
        if dataset.is_raw
        for symbol, dt in universe.keys(dataset)
        if symbol in request.symbols
    }
    return f"those that are there are from {min(days)} to {max(days)}; " if days else ""


def made_for_parents(project: Project, request: Request, universe: Universe) -> str:
    """That a table is made for a parent alone, where one of its contracts was asked for."""
    parent = project.symbols.parent
    for key in sorted(request.named):
        stage = project.catalog.maker[key]
        made = {symbol for symbol, _ in universe.steps(stage)}
        wrong = {s: parent(stage.product_type, s) for s in request.symbols if s not in made}
        if found := {s: of for s, of in wrong.items() if of in made}:
            return (
                f"nothing to make for symbol {', '.join(found)}: {key} is made for a parent, of all of its contracts; "
                f"say --symbol {','.join(sorted(set(found.values())))}"
            )
    return ""


def symbols_of(project: Project, request: Request, universe: Universe) -> dict[str, set[str]]:
    """The symbols of every product that is asked for, parents among them."""
    found: dict[str, set[str]] = {}
    wanted = {project.catalog.datasets[key].product_type for key in request.datasets}
    for dataset in project.catalog.datasets.values():
        if (product := dataset.product_type) in wanted:
            symbols = {symbol for symbol, _ in universe.keys(dataset)}
            found.setdefault(product, set()).update(
                symbols, {project.symbols.parent(product, s) for s in symbols}
            )
    return found


def closed(project: Project, request: Request, known: dict[str, set[str]]) -> str:
    """That the one date asked for is no session, judged by the products that know the symbols."""
    datasets = project.catalog.datasets
    products = [name for name, symbols in known.items() if symbols & set(request.symbols)] or list(known)
    kinds = {datasets[key].dt_kind for key in request.datasets if datasets[key].product_type in products}
    if not request.first or request.first != request.last:
        return ""
    if shut := project.days.closed(sorted(products), request.first, request.last):
        return f", for {shut} is no session and touches none"
    day = date.fromisoformat(request.first)
    calendars = [calendar for name in products if (calendar := project.days.calendar(name)).covers(day)]
    if kinds == {"session_date"} and calendars and not any(each.session(day) for each in calendars):
        return f", for {day} is no session, and these tables are of sessions; see lakeflow sessions"
    return ""
