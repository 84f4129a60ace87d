"""The house keeps its shape: what import-linter cannot see."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paths import ROOT

SOURCE = ROOT / "src" / "stile"
SAYS_NOTHING = {"utils.py", "helpers.py", "services.py", "common.py", "misc.py", "tools.py"}
PURE = (
    "kernel",
    "access/policy",
    "people/rules",
    "loop/directory/rules",
    "loop/match/rules",
    "loop/match/index",
)
LONGEST = 450  # lines; past it a file becomes a folder of the same name


def modules() -> Iterator[Path]:
    yield from (path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)


def named(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def test_package_files_stay_empty() -> None:
    assert [named(path) for path in modules() if path.name == "__init__.py" and path.stat().st_size] == []


def test_every_file_name_says_something() -> None:
    assert [named(path) for path in modules() if path.name in SAYS_NOTHING] == []


def test_no_module_is_longer_than_one_can_hold_in_mind() -> None:
    long = {named(path): n for path in modules() if (n := len(path.read_text().splitlines())) > LONGEST}
    assert long == {}


def test_areas_hold_only_the_agreed_files() -> None:
    """rules, models, queries, actions, forms, views, jobs, urls, apps; engines are named where they stand."""
    agreed = {"rules", "models", "queries", "actions", "forms", "views", "jobs", "urls", "apps", "__init__"}
    engines = {"match": {"index", "reference", "meaning", "current"}, "directory": {"intake"}}
    for area in (SOURCE / "loop").iterdir():
        if not area.is_dir() or area.name == "__pycache__":
            continue
        found = {path.stem for path in area.iterdir() if path.suffix == ".py"}
        found |= {path.name for path in area.iterdir() if path.is_dir() and path.name != "__pycache__"}
        odd = found - agreed - engines.get(area.name, set()) - {"templates", "migrations", "static"}
        assert odd == set(), f"loop/{area.name}"


def test_views_know_no_tables_and_actions_no_requests() -> None:
    wrong = []
    for path in modules():
        text = path.read_text()
        if ("views" in path.parts or path.name == "views.py") and re.search(
            r"\.models\b|import models", text
        ):
            wrong.append(f"{named(path)} reads models")
        if ("actions" in path.parts or path.name == "actions.py") and "HttpRequest" in text:
            wrong.append(f"{named(path)} knows a request")
    assert wrong == []


def test_models_carry_no_behaviour() -> None:
    wrong = []
    for path in modules():
        if path.name != "models.py" and "models" not in path.parent.name:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name in ("save", "delete", "clean"):
                wrong.append(f"{named(path)}: {node.name}")
    assert wrong == []


def test_rules_run_without_django() -> None:
    """An interpreter in which Django cannot be imported loads every pure module."""
    names = []
    for room in PURE:
        for path in sorted((SOURCE / room).rglob("*.py")):
            dotted = path.relative_to(ROOT / "src").with_suffix("").as_posix().replace("/", ".")
            names.append(dotted.removesuffix(".__init__"))
    program = (
        "import sys; sys.modules['django'] = None; sys.modules['psycopg'] = None\n"
        "import importlib\n"
        f"for name in {names!r}: importlib.import_module(name)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_templates_hold_no_style_script_or_foreign_address() -> None:
    wrong = []
    for path in SOURCE.rglob("*.html"):
        text = re.sub(r"\{%\s*comment.*?endcomment\s*%\}", "", path.read_text(), flags=re.S)
        for what, pattern in {
            "inline style": r"\sstyle\s*=\s*[\"']|<style",
            "inline script": r"<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|javascript:",
            "foreign resource": r"(?:src|href)\s*=\s*[\"']https?://(?!www\.nationalarchives\.gov\.uk)",
        }.items():
            for hit in re.findall(pattern, text):
                if what == "foreign resource" and "<a " in text:
                    continue
                wrong.append(f"{named(path)}: {what}: {hit}")
    assert wrong == []


def test_nothing_is_called_new_or_next() -> None:
    pattern = re.compile(r"(^|[_/])(new|v2|nextgen|old|legacy)_")
    assert [named(path) for path in modules() if pattern.search(named(path))] == []


@pytest.mark.parametrize("name", ["README.md", "GLOSSARY.md", "SECURITY.md", "CHANGELOG.md", "LICENSE"])
def test_the_front_door_is_there(name: str) -> None:
    assert (ROOT / name).stat().st_size > 200
