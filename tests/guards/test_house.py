"""The house keeps its order: rooms as the README says, small modules, honest names, one clock, reads that read."""

from __future__ import annotations

import ast
import inspect
import re
from importlib import import_module
from pkgutil import walk_packages

import pytest

import app as package
from app.config import CHECKOUT
from app.domain.errors import DomainError
from tests.guards.sources import Function, called_name, functions, modules

LONGEST_MODULE = 300
LONGEST_FUNCTION = 40
BANNED_MODULES = re.compile(r"(?:utils?|helpers?|common|misc|.*manager|.*handlers?)")
BANNED_FUNCTIONS = re.compile(r"_?(?:process|do)_")
BANNED_CLASSES = re.compile(r".*(?:Manager|Handler|Helper|Utils?)")
NAMED_BY_A_LIBRARY = {"app/web/fields.py process_formdata"}
HOST_CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
# A GET that calls a service, and why that is right.
READS_THAT_CALL_A_SERVICE = {
    ("app/web/cockpit/routes.py", "detail", "record_reveal"),  # Who was first shown the contact data must be kept.
    ("app/web/api/v1/leads.py", "read_lead", "record_reveal"),  # The same, by a key.
    ("app/web/intake/imports.py", "import_page", "preview_import"),  # Reads the file anew, writes nothing.
}


def test_readme_s_table_of_rooms_is_the_tree() -> None:
    table = (CHECKOUT / "README.md").read_text(encoding="utf-8").partition("## The rooms")[2].partition("\n## ")[0]
    named = {
        name
        for line in table.splitlines()
        for name in re.findall(r"`([\w/]+)/`", line.split("|")[1:2][0] if "|" in line else "")
    }
    rooms = {
        f"app/{path.name}"
        for path in (CHECKOUT / "app").iterdir()
        if any(path.glob("*")) and path.name != "__pycache__"
    }
    tops = {path.name for path in CHECKOUT.iterdir() if path.is_dir() and not path.name.startswith((".", "__"))}
    assert named == {room for room in rooms if (CHECKOUT / room).is_dir()} | tops - {"app", "var"}


@pytest.mark.parametrize("folder", ["app", "bench", "deploy", "tests"])
def test_modules_stay_small(folder: str) -> None:
    sizes = {path: len((CHECKOUT / path).read_text(encoding="utf-8").splitlines()) for path, _ in modules(folder)}
    assert {path: size for path, size in sizes.items() if size > LONGEST_MODULE} == {}


def test_functions_stay_short() -> None:
    sizes = {
        f"{path} {function.name}": length(function)
        for path, module in modules("app", "bench", "deploy")
        for function in functions(module)
    }
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}


def length(function: Function) -> int:
    """Lines of the body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_nothing_is_named_by_a_word_that_says_nothing() -> None:
    found = []
    for path, module in modules("app", "bench", "deploy", "tests"):
        found += [path for part in path.removesuffix(".py").split("/") if BANNED_MODULES.fullmatch(part)]
        for node in ast.walk(module):
            is_class = isinstance(node, ast.ClassDef) and BANNED_CLASSES.fullmatch(node.name)
            is_function = isinstance(node, Function) and BANNED_FUNCTIONS.match(node.name)
            if is_class or is_function:
                found.append(f"{path} {node.name}")
    assert set(found) - NAMED_BY_A_LIBRARY == set()


def test_public_functions_of_rules_and_services_say_what_they_do() -> None:
    silent = [
        f"{path} {node.name}"
        for path, module in modules("app/domain", "app/services")
        for owner in [module, *(node for node in module.body if isinstance(node, ast.ClassDef) and is_public(node))]
        for node in owner.body
        if isinstance(node, Function | ast.ClassDef) and is_public(node) and not ast.get_docstring(node)
    ]
    assert silent == []


def is_public(node: Function | ast.ClassDef) -> bool:
    return not node.name.startswith("_")


def test_every_package_says_what_belongs_there() -> None:
    assert [
        path for path, module in modules("app") if path.endswith("__init__.py") and not ast.get_docstring(module)
    ] == []


def test_every_domain_error_has_a_code_of_its_own() -> None:
    for found in walk_packages(package.__path__, "app."):
        if not found.name.endswith("__main__"):
            import_module(found.name)
    nameless = [
        error.__name__
        for error in descendants(DomainError)
        if "code" not in vars(error) and "code=" not in inspect.getsource(error)
    ]
    assert nameless == []


def descendants(kind: type) -> list[type]:
    """Every class below."""
    return [below for child in kind.__subclasses__() for below in (child, *descendants(child))]


def test_only_the_database_s_clock_decides() -> None:
    asked = [
        f"{path}:{node.lineno}"
        for path, module in modules("app/domain", "app/models", "app/queries", "app/services", "app/jobs")
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in HOST_CLOCKS
    ]
    assert asked == []


def test_reading_a_page_calls_no_service() -> None:
    called = {
        (path, view.name, name)
        for path, module in modules("app/web")
        for view in functions(module)
        if is_read(view)
        for name in services_called(view, module)
    }
    assert called - READS_THAT_CALL_A_SERVICE == set()
    assert called >= READS_THAT_CALL_A_SERVICE, "no longer called: take it off the list"


def is_read(view: Function) -> bool:
    """Whether a function is bound to GET."""
    return any(isinstance(mark, ast.Call) and called_name(mark) == "get" for mark in view.decorator_list)


def services_called(view: Function, module: ast.Module) -> set[str]:
    """The services a view calls, itself or through functions of its module."""
    imported = {
        alias.asname or alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app.services")
        for alias in node.names
    }
    own = {node.name: node for node in module.body if isinstance(node, Function)}
    found: set[str] = set()
    waiting, seen = [view], {view.name}
    while waiting:
        for call in (node for node in ast.walk(waiting.pop()) if isinstance(node, ast.Call)):
            name, origin = called_name(call), getattr(call.func, "value", call.func)
            if isinstance(origin, ast.Name) and origin.id in imported:
                found.add(name)
            elif name in own and name not in seen:
                seen.add(name)
                waiting.append(own[name])
    return found


def test_tests_assert_something() -> None:
    silent = [
        f"{path} {function.name}"
        for path, module in modules("tests")
        if "/test_" in path
        for function in functions(module)
        if function.name.startswith("test_") and not asserts(function)
    ]
    assert silent == []


def asserts(test: Function) -> bool:
    """An `assert`, an expected exception, a browser's expectation, or a check that is named as one."""
    proofs = ("raises", "expect", "assert", "check", "wait")
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Call) and called_name(node).lstrip("_").startswith(proofs))
        for node in ast.walk(test)
    )


def test_shared_fixtures_stay_few_and_nothing_happens_unasked() -> None:
    assert len((CHECKOUT / "tests" / "conftest.py").read_text(encoding="utf-8").splitlines()) <= 150
    unasked = [
        path
        for path, module in modules("tests")
        for node in ast.walk(module)
        if isinstance(node, ast.keyword) and node.arg == "autouse" and path.endswith("conftest.py")
    ]
    assert unasked == []


def test_every_page_stands_in_the_one_frame() -> None:
    drawn = {
        text.value
        for _path, module in modules("app/web")
        for text in ast.walk(module)
        if isinstance(text, ast.Constant)
        and isinstance(text.value, str)
        and re.fullmatch(r"\w+/[a-z]\w*\.html", text.value)
    }
    assert {page for page in drawn if frame_of(page) != "base.html"} == set()


def frame_of(template: str) -> str:
    """The template at the end of the line of `extends`."""
    source = (CHECKOUT / "templates" / template).read_text(encoding="utf-8")
    extended = re.search(r"\{%-? extends \"([^\"]+)\"", source)
    return frame_of(extended[1]) if extended else template
