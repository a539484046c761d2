"""A whole plan as a person enters it: what the form sends for it."""

from __future__ import annotations

from app.domain.distribution import ROUND_STEPS, RoundKind
from app.domain.escalation import EscalationAction
from app.domain.ranking import RankingPart

LADDERS = [("", EscalationAction), *((f"{kind.value}_", ROUND_STEPS[kind]) for kind in RoundKind)]
CLOCKS = {
    f"{prefix}{action.value}_{clock}": "working"
    for prefix, actions in LADDERS
    for action in actions
    for clock in ("clock", "hot_clock")
}
FORM = {
    "order": "board,owner,push,registration,direct",
    "version": 1,
    "overlap": "round_robin",
    "fairness_every": 3,
    "newcomer_below": 4,
    "experience_score": "90",
    "experience_value": "",
    **{f"weight_{part.value}": 10 for part in RankingPart},
    "note": "Board first",
    **{f"{kind.value}_is_on": "y" for kind in RoundKind if kind is not RoundKind.REGISTRATION},
    **{f"{kind.value}_{name}": "" for kind in RoundKind for name in ("field_1", "field_2", "field_3", "strategic")},
    **{f"{kind.value}_operator_{number}": "is" for kind in RoundKind for number in (1, 2, 3)},
    "owner_window": "6h",
    "owner_clock": "working",
    "board_window": "1d 12h",
    "board_clock": "wall",
    "board_hot_window": "90m",
    "board_products": ["PUMP"],
    "board_areas": "de, us-ca",
    "board_min_value": "5000",
    "board_min_score": "60",
    "board_sources": ["phone", "web_form"],
    "board_strategic": "no",
    "board_field_1": "industry",
    "board_operator_1": "contains",
    "board_value_1": "medical, pharma",
    "push_window": "2h",
    "push_clock": "working",
    "push_max_offers": "5",
    "registration_window": "3d",
    "registration_clock": "working",
    "direct_window": "",
    "direct_clock": "same_day",
    **{f"{kind.value}_hot_clock": "wall" if kind is RoundKind.BOARD else "working" for kind in RoundKind},
    **CLOCKS,
    "owner_ladder": "plan",
    "push_ladder": "own",
    "push_alert_channel_manager_is_on": "y",
    "push_alert_channel_manager_after": "1h",
    "push_alert_channel_manager_hot_after": "10m",
    "push_alert_channel_manager_hot_clock": "wall",
    "board_alert_channel_manager_is_on": "y",
    "board_alert_channel_manager_after": "8h",
    "alert_sales_manager_is_on": "y",
    "alert_sales_manager_after": "2h",
    "alert_sales_manager_hot_after": "5m",
    "re_route_is_on": "y",
    "re_route_after": "2d",
    "re_route_hot_after": "1h",
}
