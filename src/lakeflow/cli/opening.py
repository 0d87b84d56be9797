"""What every command begins with: the project opened, its settings read, and a voice to answer with."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from lakeflow import as_of
from lakeflow.cli.options import Place
from lakeflow.cli.voice import Voice
from lakeflow.config import Config, read_config, unread_variables
from lakeflow.project import Project, find_root, open_project


class Opened(NamedTuple):
    """A project, a voice, and the settings in force."""

    project: Project
    voice: Voice
    config: Config


@contextmanager
def opened(place: Place) -> Iterator[Opened]:
    """The project around a folder, closed at the end whatever happens."""
    root = find_root(place.project)
    config = read_config(
        root, {"lake": place.lake, "workers": place.workers, "wait": place.wait}, os.environ, Path.cwd()
    )
    voice = Voice.of(place, config)
    for name in unread_variables(os.environ):
        voice.say(f"{name} is set and names no setting; lakeflow config shows those there are")
    lake, usual = config.lake.resolve(), usual_lake(root)
    then = as_of.held(lake, usual, place.as_of)
    with open_project(root, lake, as_of.known_at(then) if then else None) as project:
        if place.as_of is not None:
            as_of.prepared(project, usual, then)
        yield Opened(project, voice, config)
        voice.finish()


def usual_lake(root: Path) -> Path:
    """The lake of a project where no command line says another."""
    return read_config(root, {}, os.environ, Path.cwd()).lake.resolve()
