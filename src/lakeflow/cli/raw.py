"""The commands about deliveries: raw add, raw ls, raw verify."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from lakeflow.cli import options as o
from lakeflow.cli.voice import Voice

app = typer.Typer(
    help="Vendor files: put them into the lake by their own metadata, list them, check them.",
    no_args_is_help=True,
)


@app.command()
def add(
    files: Annotated[
        list[Path], typer.Argument(help="Files as the vendor sent them; a folder stands for the files in it.")
    ],
    link: Annotated[bool, typer.Option("--link", help="Hard-link instead of copying.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put a re-delivered file in the place of one of the same name.")
    ] = False,
    source: Annotated[
        str | None, typer.Option("--source", help="The vendor, where several could have sent the file.")
    ] = None,
    about: Annotated[
        list[str] | None,
        typer.Option(
            "--about",
            help="NAME=VALUE that the files do not say of themselves, such as observed_at; kept beside each. Repeatable.",
        ),
    ] = None,
    project: o.ProjectFolder = o.HERE,
    lake: o.LakeFolder = None,
    json: o.Json = False,
) -> None:
    """Put vendor files where their own metadata says, into every delivery that they are of; every copy is compared by hash.

    A file that is refused keeps no other from being added: all of them are told, with their reasons, and the exit code says so.
    """
    from lakeflow.cli.opening import opened
    from lakeflow.notes import said
    from lakeflow.raw import add as add_files

    with opened(o.Place(project, lake, json)) as (found, voice, _):
        every = [file for given in files for file in (files_in(given, voice) if given.is_dir() else [given])]
        done = add_files(found, every, link=link, replace=replace, source=source, about=said(about or []))
        voice.data("files", [{**a._asdict(), "file": str(a.file), "path": str(a.path)} for a in done.added])
        voice.rows("deliveries", summed(done.added))
        voice.data("refused", [{"file": str(r.file), "reason": r.reason} for r in done.refused])
        voice.data("left", [str(file) for file in done.left])
        for refused in done.refused:
            voice.say(f"refused: {refused.reason}")
        for file, places in spread(done.added).items():
            voice.say(f"{file} is of {len(places)} deliveries: {places[0]} to {places[-1]}")
        voice.say(", ".join(told(done)))
    raise typer.Exit(max((refused.code for refused in done.refused), default=0))


@app.command("ls")
def list_(
    symbol: o.Symbol = None,
    dt: o.Dt = None,
    project: o.ProjectFolder = o.HERE,
    lake: o.LakeFolder = None,
    json: o.Json = False,
) -> None:
    """List deliveries."""
    from lakeflow.cli.chosen import Choice
    from lakeflow.cli.opening import opened
    from lakeflow.raw_look import listing
    from lakeflow.selector import words

    with opened(o.Place(project, lake, json)) as (found, voice, _):
        dates = Choice(dt=o.joined(dt)).dates(found, frozenset(found.catalog.datasets))
        wanted = words(symbol, "--symbol")
        rows = [r for r in listing(found) if (not wanted or r.symbol in wanted) and dates.contains(r.dt)]
        voice.rows("deliveries", [row._asdict() for row in rows])
        voice.say(f"{len(rows)} deliveries")


@app.command()
def verify(
    symbol: o.Symbol = None,
    project: o.ProjectFolder = o.HERE,
    lake: o.LakeFolder = None,
    json: o.Json = False,
) -> None:
    """Hash every delivered file again and read its metadata. Exit 4 when one is not what it was."""
    from lakeflow.cli.opening import opened
    from lakeflow.raw_look import verify as verify_files
    from lakeflow.selector import words

    with opened(o.Place(project, lake, json)) as (found, voice, _):
        count, faults = verify_files(found, frozenset(words(symbol, "--symbol")))
        voice.rows("faults", [fault._asdict() for fault in faults], files=count)
        voice.say(f"{count} files, {len(faults)} faults")
    raise typer.Exit(4 if faults else 0)


def files_in(folder: Path, voice: Voice) -> list[Path]:
    """The files of a folder itself; folders in it are named to be given, since a whole tree is rarely meant."""
    inside = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    files = [path for path in inside if path.is_file()]
    folders = [path for path in inside if path.is_dir()]
    if folders:
        some = ", ".join(path.name for path in folders[:3]) + (", ..." if len(folders) > 3 else "")
        voice.say(
            f"{folder}: {len(files)} files of its own; what is in its folders ({some}) is not added. To add it: lakeflow raw add {folder}/*/"
        )
    elif not files:
        voice.say(f"{folder}: an empty folder")
    return files


def summed(added: list[Any]) -> list[dict[str, Any]]:
    """A line a delivery: its files by what became of them."""
    counts = Counter((a.dataset, a.symbol, a.dt, a.state) for a in added)
    return [
        {"dataset": d, "symbol": s, "dt": t, "state": w, "files": n}
        for (d, s, t, w), n in sorted(counts.items())
    ]


def spread(added: list[Any]) -> dict[str, list[str]]:
    """The deliveries of each file that has several."""
    found: dict[str, list[str]] = {}
    for each in added:
        found.setdefault(str(each.file), []).append(f"{each.symbol} {each.dt}")
    return {file: places for file, places in found.items() if len(places) > 1}


def told(done: Any) -> list[str]:
    """How many files were added, known already, refused, and left since they are no data."""
    new = {a.file for a in done.added if a.state != "known"}
    known = {a.file for a in done.added} - new
    counts = [f"{len(new)} files added", f"{len(known)} known already"]
    counts += [f"{len(done.refused)} refused"] if done.refused else []
    return counts + ([f"{len(done.left)} left: no data of their own"] if done.left else [])
