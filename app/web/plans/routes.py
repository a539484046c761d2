"""Everything the plan's pages bind."""

from app.web.plans import pages, procedure, rules, versions
from app.web.plans.blueprint import blueprint

__all__ = ["blueprint", "pages", "procedure", "rules", "versions"]
