"""What the tests say they prove: known ids only, and the written page is today's."""

from __future__ import annotations

from deploy.coverage import DOCUMENT, document, known_ids, read_marks


def test_marks_name_known_capabilities() -> None:
    assert set(read_marks()) - known_ids() == set()


def test_written_page_is_current() -> None:
    is_current = DOCUMENT.read_text(encoding="utf-8") == document()
    assert is_current, "run: .venv/bin/python deploy/coverage.py"
