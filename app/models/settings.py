"""What a manufacturer, or a person, has set."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from app.database import Base
from app.domain.deadlines import Clock


def _clock(name: str) -> MappedColumn[Clock]:
    """A column that says by which clock a window runs; its constraint goes by `name`, as a table has several."""
    values = [clock.value for clock in Clock]
    kind = Enum(
        Clock, name=name, native_enum=False, length=40, create_constraint=True, values_callable=lambda _: values
    )
    return mapped_column(kind, default=Clock.WORKING, server_default=Clock.WORKING.value)


class ManufacturerSettings(Base):
    """The numbers of one manufacturer; the defaults are those of the domain's rules."""

    __tablename__ = "manufacturer_settings"

    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    release_score: Mapped[int] = mapped_column(default=50, server_default=text("50"))
    contact_hours: Mapped[int] = mapped_column(default=4, server_default=text("4"))
    contact_clock: Mapped[Clock] = _clock("contact_clock")
    hot_contact_minutes: Mapped[int] = mapped_column(default=5, server_default=text("5"))
    hot_contact_clock: Mapped[Clock] = _clock("hot_contact_clock")
    cool_down_hours: Mapped[int] = mapped_column(default=48, server_default=text("48"))
    merge_days: Mapped[int] = mapped_column(default=30, server_default=text("30"))
    owner_contact_minutes: Mapped[int] = mapped_column(default=120, server_default=text("120"))
    owner_contact_clock: Mapped[Clock] = _clock("owner_contact_clock")
    match_score: Mapped[int] = mapped_column(default=80, server_default=text("80"))
    near_match_score: Mapped[int] = mapped_column(default=70, server_default=text("70"))
    churned_months: Mapped[int] = mapped_column(default=6, server_default=text("6"))
    contract_threshold_cents: Mapped[int] = mapped_column(default=5_000_000, server_default=text("5000000"))
    is_competitor_disqualified: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    leads_for_account: Mapped[int] = mapped_column(default=3, server_default=text("3"))
    high_activity_leads: Mapped[int] = mapped_column(default=3, server_default=text("3"))
    high_activity_hours: Mapped[int] = mapped_column(default=2, server_default=text("2"))
    executive_titles: Mapped[list[str]] = mapped_column(default=list, server_default=text("'{}'"))
    ip_address_days: Mapped[int] = mapped_column(default=30, server_default=text("30"))
    stalled_days: Mapped[int] = mapped_column(default=14, server_default=text("14"))
    stalled_escalation_days: Mapped[int] = mapped_column(default=21, server_default=text("21"))
    stalled_return_days: Mapped[int] = mapped_column(default=30, server_default=text("30"))
    nurture_every_days: Mapped[int] = mapped_column(default=30, server_default=text("30"))
    nurture_until_day: Mapped[int] = mapped_column(default=180, server_default=text("180"))
    is_response_scored: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    warning_score: Mapped[int] = mapped_column(default=70, server_default=text("70"))
    suspension_score: Mapped[int] = mapped_column(default=50, server_default=text("50"))
    suspension_days: Mapped[int] = mapped_column(default=14, server_default=text("14"))
    infraction_days: Mapped[int] = mapped_column(default=90, server_default=text("90"))
    accepted_points: Mapped[int] = mapped_column(default=2, server_default=text("2"))
    declined_points: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    feedback_points: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    silence_cost: Mapped[int] = mapped_column(default=5, server_default=text("5"))
    re_route_cost: Mapped[int] = mapped_column(default=5, server_default=text("5"))
    sales_vp_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    customer_success_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    win_back_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    default_currency: Mapped[str] = mapped_column(default="EUR", server_default="EUR")
    shown_fields: Mapped[list[str]] = mapped_column(
        default=lambda: ["industry", "size_band", "value_band", "source_kind", "score_band"],
        server_default=text("'{industry,size_band,value_band,source_kind,score_band}'"),
    )
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())

    @property
    def contract_threshold(self) -> int:
        """The contract value, in units of the default currency, from which an account manager has the customer."""
        return self.contract_threshold_cents // 100

    @contract_threshold.setter
    def contract_threshold(self, units: int) -> None:
        self.contract_threshold_cents = units * 100

    __table_args__ = (
        CheckConstraint("release_score BETWEEN 0 AND 100", name="release_score_range"),
        CheckConstraint("0 <= near_match_score AND near_match_score <= match_score", name="match_scores_in_order"),
        CheckConstraint("match_score <= 100", name="match_score_range"),
        CheckConstraint("0 < stalled_days AND stalled_days < stalled_escalation_days", name="stalled_days_in_order"),
        CheckConstraint("stalled_escalation_days < stalled_return_days", name="stalled_return_comes_last"),
        CheckConstraint("0 < nurture_every_days AND 0 <= nurture_until_day", name="nurture_days_range"),
        CheckConstraint(
            "0 <= suspension_score AND suspension_score < warning_score AND warning_score <= 100",
            name="response_limits_in_order",
        ),
        CheckConstraint(
            "least(accepted_points, declined_points, feedback_points, silence_cost, re_route_cost) >= 0",
            name="response_points_range",
        ),
    )


class ScoreRule(Base):
    """One visible line of the score: when `field` compares with `value`, add `points`."""

    __tablename__ = "score_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    position: Mapped[int]
    label: Mapped[str]
    field: Mapped[str]
    operator: Mapped[str]
    value: Mapped[str] = mapped_column(default="")
    points: Mapped[int]


class SavedView(Base):
    """A person's named board filter, with the wish to be mailed when a lead matches.

    `checked_at` is up to when new offers have been looked at for the mail.
    """

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    name: Mapped[str]
    query: Mapped[str]
    is_mailed: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    checked_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())

    __table_args__ = (
        UniqueConstraint("user_id", "name"),
        Index("ix_saved_view_mailed", "checked_at", postgresql_where="is_mailed"),
    )
