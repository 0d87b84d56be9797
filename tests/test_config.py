"""Settings: who wins, who said it, and what is refused."""

from pathlib import Path

import pytest

from lakeflow.config import Config, read_config, unread_variables, user_file
from lakeflow.errors import ConfigError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def read(root: Path, flags: dict | None = None, **env: str) -> Config:
    """The settings of a project, for a user whose home is beside it and who stands in a folder beside it."""
    home = {"HOME": str(root.parent / "home"), **env}
    return read_config(root, flags or {}, home, root.parent / "here")


def user_says(root: Path, text: str) -> None:
    path = root.parent / "home" / ".config" / "lakeflow" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text)


def test_without_a_word_every_setting_has_its_default(root):
    config = read(root)
    assert (config.lake, config.workers, config.color) == (root / "lake", None, "auto")
    assert (config.wait, config.query_memory_gb, config.log_file) == (3600.0, 2.0, None)
    assert set(config.origins.values()) == {"default"}


def test_each_place_wins_over_the_next(root):
    user_says(root, "workers = 1\nwait = 1\ncolor = 'never'\nmemory_gb = 1\nquery_memory_gb = 1")
    (root / "pyproject.toml").write_text(
        "[tool.lakeflow]\nworkers = 2\nwait = 2\ncolor = 'auto'\nmemory_gb = 2"
    )
    (root / "lakeflow.toml").write_text("workers = 3\nwait = 3\ncolor = 'always'")
    config = read(root, {"workers": 5}, LAKEFLOW_WORKERS="4", LAKEFLOW_WAIT="4")
    assert (config.workers, config.wait, config.color, config.memory_gb) == (5, 4.0, "always", 2.0)
    assert config.query_memory_gb == 1.0
    assert config.origins["workers"] == "--workers"
    assert config.origins["wait"] == "LAKEFLOW_WAIT"
    assert config.origins["color"] == str(root / "lakeflow.toml")
    assert config.origins["memory_gb"] == "pyproject.toml [tool.lakeflow]"
    assert config.origins["query_memory_gb"].endswith("config.toml")
    assert config.origins["lake"] == "default"


def test_a_path_in_a_file_is_seen_from_the_root_and_one_from_the_caller_from_where_they_are(root):
    (root / "lakeflow.toml").write_text("lake = 'data/lake'\nlog_file = 'run.log'")
    config = read(root, {"log_file": Path("x.log")})
    assert config.lake == root / "data" / "lake"
    assert config.log_file == root.parent / "here" / "x.log"
    assert read(root, LAKEFLOW_LAKE="other").lake == root.parent / "here" / "other"


def test_a_variable_or_a_flag_set_to_nothing_is_not_set(root):
    assert read(root, {"workers": None}, LAKEFLOW_WORKERS=" ").origins["workers"] == "default"


def test_every_fault_of_every_place_is_told_at_once(root):
    user_says(root, "worker = 1")
    (root / "lakeflow.toml").write_text(
        "workers = true\nwait = 'long'\nlake = 5\ncolor = 'blue'\nmemory_gb = nan"
    )
    with pytest.raises(ConfigError) as caught:
        read(root, {"workers": 0}, LAKEFLOW_WAIT="soon", LAKEFLOW_QUERY_MEMORY_GB="-1")
    text = str(caught.value)
    assert len(caught.value.faults) == 9
    assert "--workers: expected a whole number of at least 1, found 0" in text
    assert "environment: LAKEFLOW_WAIT: expected a number of at least 0, found 'soon'" in text
    assert "environment: LAKEFLOW_QUERY_MEMORY_GB: expected a number of at least 0.1, found -1.0" in text
    assert f"{root / 'lakeflow.toml'}: workers: expected a whole number of at least 1, found True" in text
    assert "color: expected one of always, auto, never, found 'blue'" in text
    assert "memory_gb: expected a number of at least 0.1, found nan" in text
    assert "found worker; did you mean workers?" in text


def test_an_unknown_key_under_tool_lakeflow_is_named_with_its_table(root):
    (root / "pyproject.toml").write_text("[tool.other]\nx = 1\n[tool.lakeflow]\nlakes = 'x'")
    with pytest.raises(
        ConfigError, match=r"pyproject\.toml: tool\.lakeflow\.lakes: expected one of color, lake, "
    ):
        read(root)


def test_a_file_that_is_no_toml_is_named(root):
    (root / "lakeflow.toml").write_text("workers = = 2")
    with pytest.raises(
        ConfigError, match=r"lakeflow\.toml: expected a TOML file that can be read, found Invalid"
    ):
        read(root)


def test_a_tool_table_that_is_no_table_is_refused(root):
    (root / "pyproject.toml").write_text("tool = {lakeflow = 3}")
    with pytest.raises(ConfigError, match=r"tool\.lakeflow: expected a table of settings, found 3"):
        read(root)


def test_the_users_file_is_where_xdg_says():
    assert user_file({"XDG_CONFIG_HOME": "/x", "HOME": "/h"}) == Path("/x/lakeflow/config.toml")
    assert user_file({"HOME": "/h"}) == Path("/h/.config/lakeflow/config.toml")
    assert user_file({"XDG_CONFIG_HOME": "relative", "HOME": "/h"}) == Path("/h/.config/lakeflow/config.toml")


def test_a_variable_that_names_no_setting_is_noticed():
    assert unread_variables({"LAKEFLOW_WORKER": "4", "LAKEFLOW_WORKERS": "4", "PATH": ""}) == [
        "LAKEFLOW_WORKER"
    ]


def test_without_a_project_settings_come_from_the_user_and_the_lake_is_here(tmp_path):
    config = read_config(None, {}, {"HOME": str(tmp_path), "LAKEFLOW_COLOR": "never"}, tmp_path)
    assert (config.lake, config.color) == (tmp_path / "lake", "never")


def test_the_rows_to_show_name_setting_value_and_origin(root):
    rows = {row["setting"]: row for row in read(root, LAKEFLOW_WORKERS="3").rows()}
    assert rows["workers"]["value"] == 3
    assert rows["workers"]["origin"] == "LAKEFLOW_WORKERS"
    assert rows["lake"]["value"] == str(root / "lake")
