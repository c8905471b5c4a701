"""What review forgets: the house rules that a machine can read off the source. No database, no imports of views."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from statistics import median, quantiles

import pytest
from django.db.models import Choices

ROOT = Path(__file__).resolve().parent.parent
APPS = [app for app in ("core", "accounts", "creators", "violations", "campaigns", "scoring") if (ROOT / app).is_dir()]
LAYERS = frozenset(
    "states models querysets selectors services rules filters forms serializers views urls api tasks exports admin "
    "apps migrations management".split()
)
# Plumbing of core, and the few names that one app has for a reason of its own.
OWN_LAYERS = {
    "core": frozenset("errors http jobs lists ui uploads templatetags".split()),
    "accounts": frozenset({"http"}),
    "creators": frozenset({"metrics", "reference"}),
    "violations": frozenset({"reference"}),
    "scoring": frozenset({"frames"}),
}
FILE_LINES, FUNCTION_LINES, TEMPLATE_LINES = 400, 60, 150
COLOURS = {"ok", "info", "warn", "bad", "idle"}
WRITES = frozenset(
    "save create bulk_create bulk_update get_or_create update_or_create delete select_for_update".split()
)
GETTEXT = frozenset("_ gettext gettext_lazy ngettext ngettext_lazy pgettext pgettext_lazy".split())
SKIPPED_FOLDERS = frozenset({".git", ".venv", ".local", "node_modules", "staticfiles", "__pycache__", "vendor"})
# Spelled in parts, so that this file passes its own test.
HOSTS = re.compile("|".join(["pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.", "deb" + r"ian\.org"]))
MACHINE_PATHS = re.compile("|".join(["/" + "root/", "/" + "work/"]))
TEXT_SUFFIXES = frozenset(
    ".py .html .css .js .md .toml .lock .yml .yaml .txt .csv .json .po .svg .cfg .sh .example".split()
)


def python_files(*folders: str) -> list[Path]:
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if "migrations" not in path.parts and "__pycache__" not in path.parts)


PRODUCT = python_files("config", *APPS)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def nodes(path: Path, kind: type) -> Iterator:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, kind))


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def layer_files(*layers: str) -> list[Path]:
    """The files of a layer in every app, whether it is one file or a folder."""
    return [
        path
        for path in PRODUCT
        for layer in layers
        if path.relative_to(ROOT).parts[1:2] in ((f"{layer}.py",), (layer,))
    ]


def writes(path: Path) -> Iterator[str]:
    for call in nodes(path, ast.Call):
        if not isinstance(call.func, ast.Attribute):
            continue
        receiver = ast.unparse(call.func.value)
        of_rows = "objects" in receiver or ".filter(" in receiver
        # A dict has update() and a cache delete() too; only rows count.
        if call.func.attr in WRITES - {"delete"} or (call.func.attr in {"update", "delete"} and of_rows):
            yield f"{place(path, call)} {receiver}.{call.func.attr}"


def test_views_api_and_tasks_write_nothing():
    found = [text for path in layer_files("views", "api", "tasks", "admin") for text in writes(path)]
    assert found == [], "Call a service."


def test_views_api_and_tasks_open_no_transaction():
    found = [
        place(path, node)
        for path in layer_files("views", "api", "tasks", "admin")
        for node in nodes(path, ast.ImportFrom)
        if node.module == "django.db" and any(alias.name == "transaction" for alias in node.names)
    ]
    assert found == []


def test_no_signal_receivers():
    forbidden = ("django.db.models.signals", "django.dispatch", "django.core.signals")
    found = [
        place(path, node)
        for path in PRODUCT
        for node in nodes(path, ast.ImportFrom)
        if (node.module or "").startswith(forbidden)
    ]
    assert found == []


def test_no_f_string_inside_gettext():
    found = [
        place(path, call)
        for path in PRODUCT
        for call in nodes(path, ast.Call)
        if getattr(call.func, "id", getattr(call.func, "attr", "")) in GETTEXT
        and any(isinstance(part, ast.JoinedStr) for argument in call.args for part in ast.walk(argument))
    ]
    assert found == []


def test_no_file_over_budget():
    lines = {path: path.read_text().count("\n") for path in PRODUCT + python_files("tests", "benchmarks")}
    assert [f"{path.relative_to(ROOT)} {count}" for path, count in lines.items() if count > FILE_LINES] == []


def test_no_template_over_budget():
    lines = {path: path.read_text().count("\n") for path in (ROOT / "templates").rglob("*.html")}
    assert [f"{path.relative_to(ROOT)} {count}" for path, count in lines.items() if count > TEMPLATE_LINES] == []


def function_lengths() -> dict[str, int]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        f"{place(path, node)} {node.name}": node.end_lineno - node.lineno + 1
        for path in PRODUCT
        for node in nodes(path, functions)
    }


def test_no_function_over_budget():
    assert [f"{name} {length}" for name, length in function_lengths().items() if length > FUNCTION_LINES] == []


def test_functions_are_short_as_a_habit():
    lengths = list(function_lengths().values())
    assert median(lengths) <= 10
    assert quantiles(lengths, n=10)[-1] <= 30


@pytest.mark.parametrize("app", APPS)
def test_file_names_mean_layers(app):
    names = {path.stem for path in (ROOT / app).iterdir() if path.suffix == ".py" or path.is_dir()}
    allowed = LAYERS | OWN_LAYERS.get(app, frozenset()) | {"__init__", "__pycache__"}
    assert sorted(names - allowed) == []


def test_no_file_is_called_utils():
    assert [path for path in PRODUCT if path.stem in {"utils", "helpers", "common", "misc"}] == []


STATE_MODULES = [
    import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)) for path in layer_files("states")
]


def tables(suffix: str) -> list[tuple[str, dict]]:
    return [
        (f"{module.__name__}.{name}", table)
        for module in STATE_MODULES
        for name, table in vars(module).items()
        if name.endswith(suffix) and isinstance(table, dict)
    ]


def test_every_state_has_label_and_colour():
    looks = [set(table) for _, table in tables("_LOOKS")]
    without = [
        choices.__name__
        for module in STATE_MODULES
        for choices in vars(module).values()
        if isinstance(choices, type) and issubclass(choices, Choices) and choices.__module__ == module.__name__
        if choices.__name__.endswith("State") and set(choices) not in looks
    ]
    assert without == []
    for name, table in tables("_LOOKS"):
        for state, look in table.items():
            assert str(look.label), f"{name}[{state}]"
            assert look.colour in COLOURS, f"{name}[{state}]"


def test_transitions_name_every_state():
    for name, table in tables("_TRANSITIONS"):
        enum = type(next(iter(table)))
        assert set(table) == set(enum), name
        assert set().union(*table.values()) <= set(enum), name


def error_codes() -> Iterator[tuple[str, str]]:
    for path in PRODUCT:
        for call in nodes(path, ast.Call):
            if getattr(call.func, "id", "") == "DomainError" and call.args and isinstance(call.args[0], ast.Constant):
                yield call.args[0].value, place(path, call)


def test_every_refusal_is_tested():
    tests = "\n".join(path.read_text() for path in python_files("tests"))
    assert [f"{where} {code}" for code, where in error_codes() if f'"{code}"' not in tests] == []


def text_files() -> Iterator[Path]:
    for folder in [ROOT, *(entry for entry in ROOT.iterdir() if entry.is_dir() and entry.name not in SKIPPED_FOLDERS)]:
        files = folder.iterdir() if folder == ROOT else folder.rglob("*")
        for path in files:
            is_ours = not SKIPPED_FOLDERS & set(path.parts)
            if is_ours and path.is_file() and (path.suffix in TEXT_SUFFIXES or path.name in {"Makefile", "Dockerfile"}):
                yield path


def test_no_registry_host_and_no_path_of_a_machine():
    found = [
        str(path.relative_to(ROOT))
        for path in text_files()
        if (text := path.read_text()) and (HOSTS.search(text) or MACHINE_PATHS.search(text))
    ]
    assert found == []
