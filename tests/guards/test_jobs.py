"""Jobs are asked for by name: every name leads to a function, and whatever is periodic can be called without words."""

from __future__ import annotations

import inspect
from importlib import import_module

import pytest

from app.adapters import job_names
from app.jobs.schedule import PERIODIC_JOBS

NAMES = [value for value in vars(job_names).values() if isinstance(value, str) and value.startswith("app.jobs.")]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_resolves(name: str) -> None:
    module, _, function = name.rpartition(".")
    assert callable(getattr(import_module(module), function))


@pytest.mark.parametrize("name", [job.job_name for job in PERIODIC_JOBS])
def test_periodic_jobs_need_no_arguments(name: str) -> None:
    module, _, function = name.rpartition(".")
    assert not inspect.signature(getattr(import_module(module), function)).parameters


def test_no_job_is_rung_twice() -> None:
    rung = [job.job_name for job in PERIODIC_JOBS]
    assert len(rung) == len(set(rung))
