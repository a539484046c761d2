"""Every language's catalogue holds every message of the source, translated and certain."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

CHECKOUT = Path(__file__).resolve().parent.parent
TRANSLATIONS = CHECKOUT / "app" / "translations"
EXAMPLES_SHOWN = 5


def main() -> None:
    """Report each catalogue that lacks something, and end with 1 when there is one."""
    source = _extract()
    problems = [
        line for path in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")) for line in _lacks(path, source)
    ]
    print("\n".join(problems) or f"translations: all {len(source)} messages, every language")
    sys.exit(bool(problems))


def _extract() -> Catalog:
    with tempfile.NamedTemporaryFile(suffix=".pot") as template:
        command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "pyproject.toml"]
        subprocess.run([*command, "-k", "_l", "-k", "N_", "-o", template.name, "."], cwd=CHECKOUT, check=True)
        return read_po(template)


def _lacks(path: Path, source: Catalog) -> list[str]:
    language = path.parent.parent.name
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    missing = [message.id for message in source if message.id and not _is_translated(catalogue, message.id)]
    lines = [f"translations: {language} lacks {len(missing)} of {len(source)} messages"] if missing else []
    return lines + [f"    {message!r}" for message in missing[:EXAMPLES_SHOWN]]


def _is_translated(catalogue: Catalog, message_id: str | tuple[str, ...] | list[str]) -> bool:
    found = catalogue.get(message_id if isinstance(message_id, str) else message_id[0])
    if found is None or found.fuzzy:
        return False
    return all(found.string) if isinstance(found.string, list | tuple) else bool(found.string)


if __name__ == "__main__":
    main()
