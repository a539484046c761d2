"""What a prospect sends through a hosted form: stored with the very words it agreed to, then settled like all else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.domain.consent import ConsentScope
from app.domain.intake.arrival import Arrival
from app.domain.intake.fields import LeadField
from app.domain.leads import SourceKind
from app.domain.submissions import Channel, Finding
from app.queries.intake.web_forms import PublicForm, Wording, consent_wording, public_form
from app.services.intake.settling import Outcome
from app.services.intake.submissions import findings_of, receive_submission, refuse_unreadable, settle_submission

_HARMLESS = frozenset({LeadField.POSTAL_CODE.value, LeadField.REGION.value, LeadField.CONSENT.value})


@dataclass(frozen=True, slots=True)
class Sender:
    """What is known of whoever sent the form. `is_trapped`: it filled a field people cannot see.

    `suspicion` is an English template marked with `N_` that says why a person should look at it first.
    """

    ip_address: str = ""
    language: str = "en"
    is_trapped: bool = False
    suspicion: str = ""


def send_form(*, slug: str, cells: Mapping[str, str], has_agreed: bool, sender: Sender) -> Outcome:
    """Take in what a prospect sent at `/f/<slug>`; `cells` is text by `LeadField`, without the consent.

    `NotFound` when there is no such form; `Invalid` with the reason of each field while the prospect is still there to
    mend it. What a trap caught is kept as rejected, what came suspiciously fast waits in quarantine. The same person
    asking for the same again within 30 days leaves a touch on the first lead.
    """
    form = public_form(slug)
    wording = consent_wording(form, sender.language)
    raw = {**cells, LeadField.CONSENT.value: _consent(form, has_agreed=has_agreed and wording is not None)}
    arrival = _arrival(form, wording, sender, has_agreed=has_agreed)
    if not sender.is_trapped and not sender.suspicion:
        findings = findings_of(manufacturer_id=form.manufacturer_id, raw=raw, arrival=arrival)
        refuse_unreadable(tuple(replace(finding, is_fatal=True) for finding in findings if _is_mendable(finding)))
    submission_id = receive_submission(
        manufacturer_id=form.manufacturer_id,
        channel=Channel.FORM,
        raw=raw,
        arrival=arrival,
        web_form_id=form.id,
    )
    return settle_submission(submission_id)


def _is_mendable(finding: Finding) -> bool:
    """Whether the prospect should be asked: what a list may get wrong, somebody at the form can put right."""
    return finding.is_fatal or finding.field not in _HARMLESS


def _consent(form: PublicForm, *, has_agreed: bool) -> str:
    """The consent in the words of the consent column, so that it is read like any other."""
    if not has_agreed:
        return ConsentScope.NONE.value
    if form.consent_scope is ConsentScope.NAMED_PARTNERS:
        return "named:" + "|".join(partner.code for partner in form.partners)
    return form.consent_scope.value


def _arrival(form: PublicForm, wording: Wording | None, sender: Sender, *, has_agreed: bool) -> Arrival:
    is_given = has_agreed and wording is not None
    return Arrival(
        source_kind=SourceKind.WEB_FORM,
        source_name=f"/f/{form.slug}",
        campaign=form.campaign,
        language=sender.language,
        wording_id=wording.id if is_given and wording else None,
        proof=_proof(form, wording) if is_given and wording else "",
        ip_address=sender.ip_address,
        is_spam=sender.is_trapped,
        suspicion=sender.suspicion,
    )


def _proof(form: PublicForm, wording: Wording) -> str:
    """How the consent was given; when, and to which words, stands beside it."""
    return f"Box ticked by the prospect on /f/{form.slug}, wording {wording.version} ({wording.language})"
