"""Write `docs/coverage.md`: which test proves which capability, read from the tests' `covers` marks."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
TESTS = CHECKOUT / "tests"
DOCUMENT = CHECKOUT / "docs" / "coverage.md"
MARK = "covers"
CAPABILITIES = {
    "B": ("The board and the claim", 12),
    "W": ("Windows, clocks, escalation, fallback", 18),
    "T": ("Territories, products, capacity: the rules of routing", 27),
    "P": ("Accounts and who comes first", 41),
    "C": ("Conflicts, registrations, review", 8),
    "A": ("The audit trail", 4),
    "K": ("The cockpit both sides share", 13),
    "D": ("What helps a partner sell", 3),
    "G": ("Consent and privacy", 2),
    "I": ("Intake and data", 7),
    "R": ("Figures and returns", 9),
    "U": ("Ease of use", 3),
}
"""Each letter's subject in our words, and how many capabilities the source documents give it."""
HEAD = """# What is proven, and by which test

Made from the tests' marks by `.venv/bin/python deploy/coverage.py`; a guard keeps it current. An id stands for one
capability of the source documents; a test names the ids it proves: `@pytest.mark.covers("B-04")`.
"""

Marks = dict[str, list[str]]


def main() -> None:
    """Write the page."""
    DOCUMENT.write_text(document(), encoding="utf-8")


def document() -> str:
    """The page of today's tests."""
    marks = read_marks()
    proven = [sum(name in marks for name in ids_of(letter)) for letter in CAPABILITIES]
    total = sum(count for _title, count in CAPABILITIES.values())
    sections = [section(letter, marks) for letter in CAPABILITIES]
    return "\n".join([HEAD, f"{sum(proven)} of {total} capabilities have a test.\n", *sections])


def ids_of(letter: str) -> list[str]:
    """Every id of a letter."""
    return [f"{letter}-{number:02}" for number in range(1, CAPABILITIES[letter][1] + 1)]


def known_ids() -> set[str]:
    """Every id there is."""
    return {name for letter in CAPABILITIES for name in ids_of(letter)}


def section(letter: str, marks: Marks) -> str:
    """One letter: each proven id with its tests, then those without."""
    title, _count = CAPABILITIES[letter]
    proven = [name for name in ids_of(letter) if name in marks]
    missing = [name for name in ids_of(letter) if name not in marks]
    table = ["| id | proven by |", "|---|---|", *(f"| {name} | {'<br>'.join(marks[name])} |" for name in proven)]
    rest = [f"No test yet: {', '.join(missing)}."] if missing else []
    return "\n".join(
        [f"## {letter}. {title}", "", *(table if proven else []), *([""] if proven and rest else []), *rest, ""]
    )


def read_marks() -> Marks:
    """The tests of each id, in the order of their files."""
    marks: Marks = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        for test, ids in marked_tests(ast.parse(path.read_text(encoding="utf-8"))):
            for name in ids:
                marks[name].append(
                    f"`{path.relative_to(TESTS).as_posix()}` {test.removeprefix('test_').replace('_', ' ')}"
                )
    return marks


def marked_tests(module: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """Every marked test of a module, with its ids."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef):
            ids = [name for mark in node.decorator_list for name in ids_in(mark)]
            if ids:
                yield node.name, ids


def ids_in(mark: ast.expr) -> list[str]:
    """The ids a decorator names; empty when it is another one."""
    if not isinstance(mark, ast.Call) or getattr(mark.func, "attr", "") != MARK:
        return []
    return [str(ast.literal_eval(name)) for name in mark.args]


if __name__ == "__main__":
    main()
