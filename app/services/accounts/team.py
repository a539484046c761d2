"""The people of the manufacturer who have to do with an account beside its owner (P-23, P-27, P-29)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.domain.accounts import TeamRole
from app.domain.audit import EventKind
from app.domain.errors import Invalid, NotFound
from app.domain.identity import Viewer
from app.domain.network.changes import Changes
from app.domain.phrases import N_, Phrase
from app.models import Account, AccountTeamMember, ProductLine
from app.services.network.accounts import check_person, find_account_in_use
from app.services.network.writing import NetworkWriting, network_writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A person's place in the team; a specialist looks after a department or a product line."""

    user_id: int
    role: TeamRole
    department: str = ""
    product_line_id: int | None = None

    def check(self) -> None:
        """Raise `Invalid` when a specialist is one for nothing."""
        if self.role is TeamRole.SPECIALIST and not self.department.strip() and self.product_line_id is None:
            reason = Phrase(N_("Say for which department or product line."))
            raise Invalid(reason, fields={"department": reason})


def add_team_member(*, actor: Viewer, account_id: int, place: Place) -> int:
    """Take a person into an account's team; returns the place's id. A second call finds the place taken."""
    with network_writing(actor) as writing:
        account = find_account_in_use(writing, account_id)
        place.check()
        check_person(writing, place.user_id, "user_id")
        if place.product_line_id is not None:
            writing.find(ProductLine, place.product_line_id)
        same = (
            place.user_id,
            place.role,
            place.department.strip(),
            place.product_line_id,
        )
        for row in account.team:
            if (row.user_id, row.role, row.department, row.product_line_id) == same:
                return row.id
        member = AccountTeamMember(
            account_id=account.id,
            user_id=place.user_id,
            role=place.role,
            department=place.department.strip(),
            product_line_id=place.product_line_id,
        )
        writing.session.add(member)
        writing.session.flush()
        _record(writing, account, Changes({"team": None}, {"team": place.role.value}), place.user_id)
        return member.id


def remove_team_member(*, actor: Viewer, member_id: int) -> int:
    """Take a person out of a team; returns the account. `NotFound` when the place is gone: so for a second call."""
    with network_writing(actor) as writing:
        rows = (
            select(AccountTeamMember, Account)
            .join(Account, Account.id == AccountTeamMember.account_id)
            .where(AccountTeamMember.id == member_id, Account.manufacturer_id == writing.manufacturer_id)
        )
        found = writing.session.execute(rows).one_or_none()
        if found is None:
            raise NotFound
        member, account = found
        writing.find(Account, account.id, locked=True)
        writing.session.delete(member)
        _record(writing, account, Changes({"team": member.role.value}, {"team": None}), member.user_id)
        return account.id


def _record(writing: NetworkWriting, account: Account, changes: Changes, user_id: int) -> None:
    writing.record(EventKind.ACCOUNT_CHANGED, changes, account_id=account.id, code=account.code, user_id=user_id)
    writing.doubt_matches()
