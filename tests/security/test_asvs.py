"""docs/reference/asvs.md: every number once, every file and test it names there, and a few things it says of all code."""

import ast
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "asvs.md"
ANSWERS = ("holds", "partly", "not yet", "the deployment's", "does not apply")

# How far the numbers of levels 1 and 2 go in each section of ASVS 5.0.0 (its released CSV): 70 and 183 of them.
UP_TO = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip


def rows() -> list[tuple[list[str], str, str]]:
    """Numbers, answer and the last cell of each row."""
    found = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells and re.match(r"\d", cells[0]):
            assert len(cells) == 4, line
            found.append((numbers(cells[0]), cells[2], cells[3]))
    return found


def numbers(cell: str) -> list[str]:
    """ "3.4.3-3.4.6, 3.5.1" written out."""
    out = []
    for part in cell.split(", "):
        first, _, last = part.partition("-")
        section, start = first.rsplit(".", 1)
        end = last.rsplit(".", 1)[1] if last else start
        assert not last or last.startswith(section + "."), part
        out += [f"{section}.{number}" for number in range(int(start), int(end) + 1)]
    return out


def test_every_number_is_answered_once() -> None:
    wanted = {f"{section}.{number}" for section, most in UP_TO.items() for number in range(1, most + 1)}
    assert len(wanted) == 253
    given = Counter(number for some, _, _ in rows() for number in some)
    assert wanted - set(given) == set()
    assert set(given) - wanted == set()
    assert [number for number, times in given.items() if times > 1] == []


def test_every_answer_is_one_of_five_and_says_where_or_why() -> None:
    for some, answer, where in rows():
        assert answer in ANSWERS, some
        if answer == "holds":
            assert "`" in where, some
        elif answer != "the deployment's":
            assert where, some


def test_every_file_and_test_that_is_named_exists() -> None:
    named = [name for _, _, where in rows() for name in re.findall(r"`([^`]+)`", where)]
    paths = [name for name in named if "/" in name]
    assert len(paths) > 100
    for name in paths:
        path, _, test = name.partition("::")
        assert (ROOT / path).exists(), name
        if test:
            functions = {
                node.name
                for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
                if isinstance(node, ast.FunctionDef)
            }
            assert test in functions, name


def test_nothing_dangerous_is_called() -> None:
    """What 1.3.2, 1.5.2 and 11.4.1 say of all our code."""
    seen = 0
    for path in (ROOT / "src" / "stile").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = {alias.name.split(".")[0] for alias in node.names} | {
                    (getattr(node, "module", "") or "").split(".")[0]
                }
                assert not names & {"pickle", "marshal", "shelve", "dill", "xml", "telnetlib", "ftplib"}, path
                assert "random" not in names or "demo" in path.parts, path
            if not isinstance(node, ast.Call):
                continue
            seen += 1
            called = ast.unparse(node.func)
            assert called not in {"eval", "exec", "compile", "__import__", "os.system", "os.popen"}, (
                path,
                called,
            )
            given = {word.arg: ast.unparse(word.value) for word in node.keywords}
            if called in {"hashlib.md5", "hashlib.sha1"}:
                assert given.get("usedforsecurity") == "False", path
            if called == "yaml.load":
                assert re.search("Safe|loader", given["Loader"]), path
            assert given.get("shell") != "True", path
            assert given.get("verify") != "False", path
    assert seen > 5000
