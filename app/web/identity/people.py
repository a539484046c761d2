"""The people of the admin's organisation, and the first admins of its partners."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid, Refused
from app.domain.identity import Role, roles_of
from app.domain.labels import label_of
from app.domain.owners import Belonging
from app.domain.people import ADMIN_ROLES
from app.localisation import phrase_text
from app.queries.belongings import manufacturers_led_by, owner_name, what_person_owns
from app.queries.identity import colleague_choices, list_partners_to_open, list_people, partner_to_open
from app.queries.identity import person as person_row
from app.queries.network.choices import taker_choices
from app.services import identity
from app.web.access import allowed, current_viewer
from app.web.fields import with_none
from app.web.htmx import go_to, is_htmx, redrawn_or_redirect
from app.web.identity.blueprint import blueprint
from app.web.identity.forms import DisableForm, InviteAdminForm, InviteForm, ManagerForm, RoleForm
from app.web.problems import show_problems

ADMINS = tuple(ADMIN_ROLES.values())
_APART = (Belonging.TEAMS, Belonging.PARTNERS)
"""What other people can take over than the rest."""


@blueprint.get("/people")
@allowed(*ADMINS)
def people() -> str:
    """The organisation's people; for a manufacturer also the partners of whom nobody has joined."""
    viewer = current_viewer()
    return render_template(
        "identity/people.html",
        people=list_people(viewer=viewer),
        partners=list_partners_to_open(viewer=viewer),
        own_id=viewer.user_id,
        label_of=label_of,
    )


@blueprint.get("/people/invite")
@allowed(*ADMINS)
def invitation_form() -> str:
    """The form to invite a colleague."""
    return render_template("identity/invite.html", form=_invite_form())


@blueprint.post("/people/invite")
@allowed(*ADMINS)
def invite() -> ResponseReturnValue:
    """Invite a colleague by mail."""
    form = _invite_form()
    try:
        if not form.validate():
            return render_template("identity/invite.html", form=form), 422
        identity.invite_user(
            email=form.email.data or "", name=form.name.data or "", role=Role(form.role.data), actor=current_viewer()
        )
    except (Invalid, Refused) as error:
        show_problems(form, error)
        return render_template("identity/invite.html", form=form), 422 if isinstance(error, Invalid) else 409
    flash(_("%(name)s is invited. The link in the mail works for 7 days.", name=form.name.data), "success")
    return go_to(url_for("identity.people"))


@blueprint.get("/people/<int:user_id>")
@allowed(*ADMINS)
def person(user_id: int) -> str:
    """One person: role, and whether they may sign in."""
    return _drawn(user_id)


@blueprint.post("/people/<int:user_id>/role")
@allowed(*ADMINS)
def change_role(user_id: int) -> ResponseReturnValue:
    """Give a person another role; it counts from their next click."""
    person_row(user_id=user_id, viewer=current_viewer())
    form = RoleForm()
    form.role.choices = _role_choices()
    if not form.validate():
        return _drawn(user_id, form=form), 422
    return _changed(user_id, partial(identity.change_role, role=Role(form.role.data)))


@blueprint.post("/people/<int:user_id>/manager")
@allowed(Role.ADMIN)
def change_manager(user_id: int) -> ResponseReturnValue:
    """Say who answers for a person's accounts one day."""
    person_row(user_id=user_id, viewer=current_viewer())
    form = ManagerForm()
    form.manager.choices = _managers(user_id)
    if not form.validate():
        return _drawn(user_id, manager_form=form), 422
    return _changed(user_id, partial(identity.change_manager, manager_id=form.manager.data))


@blueprint.post("/people/<int:user_id>/disable")
@allowed(*ADMINS)
def disable(user_id: int) -> ResponseReturnValue:
    """Shut a person out at once; what one of the manufacturer's people owns passes to whom the form names."""
    viewer = current_viewer()
    if viewer.is_partner:
        return _changed(user_id, identity.disable_user)
    person_row(user_id=user_id, viewer=viewer)
    form = _disable_form(user_id, DisableForm())
    if not form.validate():
        return _drawn(user_id, disable_form=form), 422
    try:
        return _changed(user_id, partial(identity.disable_user, handover=form.handover()))
    except Invalid as error:
        show_problems(form, error)
        return _drawn(user_id, disable_form=form), 422


@blueprint.post("/people/<int:user_id>/enable")
@allowed(*ADMINS)
def enable(user_id: int) -> ResponseReturnValue:
    """Let a disabled person in again."""
    return _changed(user_id, identity.enable_user)


@blueprint.post("/people/<int:user_id>/resend")
@allowed(*ADMINS)
def resend(user_id: int) -> ResponseReturnValue:
    """Mail a new link to somebody who has not joined yet."""
    return _changed(user_id, identity.resend_invitation)


@blueprint.get("/people/partners/<int:partnership_id>/invite")
@allowed(Role.ADMIN)
def partner_invitation_form(partnership_id: int) -> str:
    """The form to invite a partner's first admin."""
    partner = partner_to_open(partnership_id=partnership_id, viewer=current_viewer())
    return render_template("identity/invite_partner.html", form=InviteAdminForm(), partner=partner)


@blueprint.post("/people/partners/<int:partnership_id>/invite")
@allowed(Role.ADMIN)
def invite_partner(partnership_id: int) -> ResponseReturnValue:
    """Invite a partner's first admin by mail."""
    partner = partner_to_open(partnership_id=partnership_id, viewer=current_viewer())
    form = InviteAdminForm()
    try:
        if not form.validate():
            return render_template("identity/invite_partner.html", form=form, partner=partner), 422
        identity.invite_first_partner_admin(
            partnership_id=partnership_id,
            email=form.email.data or "",
            name=form.name.data or "",
            actor=current_viewer(),
        )
    except (Invalid, Refused) as error:
        show_problems(form, error)
        status = 422 if isinstance(error, Invalid) else 409
        return render_template("identity/invite_partner.html", form=form, partner=partner), status
    flash(_("%(name)s is invited. The link in the mail works for 7 days.", name=form.name.data), "success")
    return go_to(url_for("identity.people"))


def _role_choices() -> list[tuple[str, str]]:
    roles = roles_of(current_viewer().organisation_kind)
    return [(role.value, phrase_text(label_of(role))) for role in roles]


def _invite_form() -> InviteForm:
    form = InviteForm()
    form.role.choices = _role_choices()
    return form


def _changed(user_id: int, change: Callable[..., None]) -> ResponseReturnValue:
    """Change something about a person and draw them again, with the rule's words when it was refused."""
    try:
        change(user_id=user_id, actor=current_viewer())
    except Refused as refused:
        return _drawn(user_id, refused=refused), 409
    return redrawn_or_redirect(lambda: _drawn(user_id), url_for("identity.person", user_id=user_id))


def _managers(user_id: int) -> list[tuple[str, str]]:
    return with_none(colleague_choices(viewer=current_viewer(), but_id=user_id), _("Nobody"))


def _disable_form(user_id: int, form: DisableForm) -> DisableForm:
    viewer = current_viewer()
    owned = what_person_owns(viewer=viewer, user_id=user_id)
    takers = {kind: taker_choices(viewer=viewer, belonging=kind, but_id=user_id) for kind in (None, *_APART)}
    form.offer(lambda kind: takers[kind if kind in _APART else None], is_needed=bool(owned))
    return form


def _drawn(
    user_id: int,
    *,
    form: RoleForm | None = None,
    manager_form: ManagerForm | None = None,
    disable_form: DisableForm | None = None,
    refused: Refused | None = None,
) -> str:
    viewer = current_viewer()
    row = person_row(user_id=user_id, viewer=viewer)
    if form is None:
        form = RoleForm(formdata=None, data={"role": row.role.value})
        form.role.choices = _role_choices()
    if manager_form is None:
        manager_form = ManagerForm(formdata=None, data={"manager": row.manager_id})
        manager_form.manager.choices = _managers(user_id)
    if disable_form is None:
        disable_form = _disable_form(user_id, DisableForm(formdata=None))
    return render_template(
        "identity/_person.html" if is_htmx() else "identity/person.html",
        person=row,
        form=form,
        manager_form=manager_form,
        disable_form=disable_form,
        owned=what_person_owns(viewer=viewer, user_id=user_id),
        successor=owner_name(viewer=viewer, user_id=row.successor_id) if row.successor_id else None,
        leads_sales_for=manufacturers_led_by(viewer=viewer, user_id=user_id),
        is_manufacturer=viewer.is_manufacturer,
        refused=refused,
        own_id=viewer.user_id,
        label_of=label_of,
    )
