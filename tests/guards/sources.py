"""The sources as the guards read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from app.config import CHECKOUT

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Every module below the folders: its path in the checkout and its tree."""
    for folder in folders:
        for path in sorted((CHECKOUT / folder).rglob("*.py")):
            yield path.relative_to(CHECKOUT).as_posix(), tree(path)


def functions(module: ast.Module) -> Iterator[Function]:
    """Every function and method of a module, however deep."""
    return (node for node in ast.walk(module) if isinstance(node, Function))


def called_name(call: ast.Call) -> str:
    """`f` of `f(…)` and of `a.f(…)`; empty for anything else."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))
