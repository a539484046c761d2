"""Which role may call which route, read from the routes themselves: `python -m tests.guards.matrix` writes it down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask

from app import create_app
from app.config import CHECKOUT, load_config
from app.domain.identity import Role
from app.web.access import allowed_roles

DOCUMENT = CHECKOUT / "docs" / "authorisation.md"
UNTOLD_METHODS = frozenset({"HEAD", "OPTIONS"})
HEAD = """# Who may call what

Made from the routes by `python -m tests.guards.matrix`; `tests/guards/test_authorisation_matrix.py` calls every line as
every role, with its own ids and with another's: anonymous goes to the log-in page (401 in the API), a role without a
mark gets 403, another tenant's id 404. A mark opens the route, never somebody else's data.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One method of one address; `roles` is None when anybody may call it."""

    rule: str
    method: str
    endpoint: str
    arguments: frozenset[str]
    roles: frozenset[Role] | None


def rows(app: Flask) -> list[Row]:
    """Every method of every address, in the order of the addresses."""
    found = [
        Row(
            rule.rule,
            method,
            rule.endpoint,
            frozenset(rule.arguments),
            None if rule.endpoint == "static" else allowed_roles(app.view_functions[rule.endpoint]),
        )
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - UNTOLD_METHODS
    ]
    return sorted(found, key=lambda row: (row.rule, row.method))


def app_without_servers() -> Flask:
    """The application with addresses nobody answers at: enough to read its routes."""
    config = load_config({"SECRET_KEY": "x" * 32, "PULLBOARD_LOG_LEVEL": "ERROR"})
    return create_app(
        replace(config, database_url="postgresql+psycopg://nobody@127.0.0.1:1/none", redis_url="redis://127.0.0.1:1/0")
    )


def document(app: Flask) -> str:
    """The matrix as a page of the documentation."""
    titles = [role.value.replace("_", " ") for role in Role]
    lines = [f"| route | anybody | {' | '.join(titles)} |", "|---|" + ":-:|" * (len(titles) + 1)]
    lines += [f"| `{row.method} {row.rule}` | {' | '.join(_marks(row))} |" for row in rows(app)]
    return HEAD + "\n" + "\n".join(lines) + "\n"


def _marks(row: Row) -> list[str]:
    if row.roles is None:
        return ["×", *("×" for _ in Role)]
    return ["", *("×" if role in row.roles else "" for role in Role)]


def main(path: Path = DOCUMENT) -> None:
    """Write the page."""
    path.write_text(document(app_without_servers()), encoding="utf-8")


if __name__ == "__main__":
    main()
