"""What the door must know of a manufacturer before it reads anything."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.intake.executives import title_rules_with
from app.domain.intake.folding import fold
from app.domain.intake.judgement import IntakeRules, KnownProduct, catalogue_of
from app.domain.intake.scoring import DEFAULT_SCORE_RULES, ScoreField, ScoreOperator, ScoreRule
from app.models import ManufacturerSettings, Organisation, Partnership, ProductLine
from app.models import ScoreRule as ScoreRuleRow

_TRUE = ("true", "yes", "1")
_YES_OR_NO = (ScoreField.ALWAYS, ScoreField.HAS_PHONE, ScoreField.HAS_COMPANY, ScoreField.IS_URGENT)


def intake_rules(session: Session, manufacturer_id: int) -> IntakeRules:
    """The catalogue, partner codes and numbers of one manufacturer as they are now."""
    organisation = session.get_one(Organisation, manufacturer_id)
    settings = session.get_one(ManufacturerSettings, manufacturer_id)
    products = session.execute(
        select(ProductLine.id, ProductLine.code, ProductLine.name)
        .where(ProductLine.manufacturer_id == manufacturer_id, ProductLine.is_active)
        .order_by(ProductLine.code)
    )
    partnerships = session.execute(
        select(Partnership.code, Partnership.id).where(Partnership.manufacturer_id == manufacturer_id)
    )
    return IntakeRules(
        manufacturer_id=manufacturer_id,
        products=catalogue_of(KnownProduct(*row) for row in products),
        partnership_ids={fold(code): partnership_id for code, partnership_id in partnerships},
        score_rules=_score_rules(session, manufacturer_id),
        merge_within=timedelta(days=settings.merge_days),
        time_zone=organisation.time_zone,
        language=organisation.language,
        currency=settings.default_currency,
        titles=title_rules_with(settings.executive_titles),
    )


def _score_rules(session: Session, manufacturer_id: int) -> tuple[ScoreRule, ...]:
    """The manufacturer's own lines in their order; ours while it has none."""
    rows = session.scalars(
        select(ScoreRuleRow).where(ScoreRuleRow.manufacturer_id == manufacturer_id).order_by(ScoreRuleRow.position)
    ).all()
    return tuple(_score_rule(row) for row in rows) or DEFAULT_SCORE_RULES


def _score_rule(row: ScoreRuleRow) -> ScoreRule:
    field, operator = ScoreField(row.field), ScoreOperator(row.operator)
    value: str | int | bool = row.value
    if field in _YES_OR_NO:
        value = row.value.casefold() in _TRUE
    elif operator is ScoreOperator.AT_LEAST:
        value = int(row.value)
    return ScoreRule(field, operator, value, row.points, row.label)
