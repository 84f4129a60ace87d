"""Asking for one's rights, and answering: any message counts, two people look, the clock runs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from stile.access import actions as access
from stile.access import queries as reach
from stile.access.actor import Actor
from stile.access.policy.words import Role
from stile.audit import actions as audit
from stile.kernel.decision import Decision, Refused, no
from stile.kernel.words import N_

from ..models import Erasure, Pack, PackChoice, RightsRequest, YoungPerson
from ..queries import rights as queries
from ..queries.records import house_of
from ..rules import pack, rights
from ..rules.rights import Asker, Kind, State
from . import retention

WORDS = "words"  # the line of a pack that holds what is blacked out throughout


@transaction.atomic
def ask(
    *,
    by: Actor,
    person_id: UUID,
    kind: Kind,
    asker: Asker,
    words: str,
    at: datetime,
    carer_id: UUID | None = None,
) -> UUID:
    """Write a request down and bring it to whoever answers; the request's id.

    From a young person's own sign-in their identity needs no further check. Raises Refused out of reach.
    """
    person = YoungPerson.objects.filter(id=person_id).first()
    house = house_of(person.team_id) if person else None
    if person is None or house is None:
        raise Refused(no("reach", N_("There is no such record.")))
    themself = by.role is Role.YOUNG_PERSON
    made = RightsRequest(
        person_id=person_id, team_id=person.team_id, organisation_id=house, kind=kind.value,
        asker=Asker.YOUNG_PERSON.value if themself else asker.value, words=words.strip(), received_at=at,
        due_on=rights.due(at.date()), identity_checked="own_sign_in" if themself else "", carer_id=carer_id,
        state=State.RECEIVED.value, author_id=by.membership_id,
    )  # fmt: skip
    made.save(force_insert=True)
    _say(by, "asked for rights", made, at, kind=kind.value)
    access.tie(
        by=by, kind="request", person_id=person_id, team_id=person.team_id, organisation_id=house,
        role=Role.DPO, why=f"request {made.id}", at=at,
    )  # fmt: skip
    if themself and kind is Kind.RESTRICT:
        # Held at once, at their word; the answer says whether it stays so.
        YoungPerson.objects.filter(id=person_id, restricted_at=None).update(restricted_at=at)
        _say(by, "held", made, at)
    return made.id


def acknowledge(*, by: Actor, request_id: UUID, at: datetime) -> None:
    """They have been told that it has come; once."""
    found = _open(by, request_id)
    if found.acknowledged_at is None:
        _change(by, found, at, acknowledged_at=at)


def check_identity(*, by: Actor, request_id: UUID, how: str, at: datetime) -> None:
    """How we know that it is them (or that a parent may act). The clock goes on if it stood still for this."""
    found = _open(by, request_id)
    if how not in rights.CHECKS:
        raise Refused(no("how", N_("Choose how you know.")))
    _change(by, found, at, identity_checked=how)


def wait(*, by: Actor, request_id: UUID, what: str, at: datetime) -> None:
    """The clock stands still from today: we asked who it is, or what is meant."""
    found = _open(by, request_id)
    _must(rights.may_move(State(found.state), State.WAITING))
    if not what.strip():
        raise Refused(no("what", N_("Say what you asked them.")))
    _change(
        by, found, at, state=State.WAITING.value, waiting_since=at.date(), waiting_for=what.strip()[:200],
        first_reviewer_id=None,
    )  # fmt: skip


def go_on(*, by: Actor, request_id: UUID, at: datetime) -> None:
    """They answered: the clock runs again, and the days it stood still are added."""
    found = _open(by, request_id)
    _must(rights.may_move(State(found.state), State.RECEIVED))
    if found.state != State.WAITING or found.waiting_since is None:
        raise Refused(no("state", N_("The clock is running.")))
    waited = found.waited_days + (at.date() - found.waiting_since).days
    due = rights.due(found.received_at.date(), extended=bool(found.extended_why), waited_days=waited)
    _change(
        by, found, at, state=State.RECEIVED.value, waiting_since=None, waiting_for="", waited_days=waited, due_on=due
    )  # fmt: skip


def extend(*, by: Actor, request_id: UUID, why: str, at: datetime) -> None:
    """Two months more for something complex: said within the first month, with the reason, and once."""
    found = _open(by, request_id)
    if len(why.split()) < 3:
        raise Refused(no("why", N_("Say in a few words why it takes longer. They will read it.")))
    if found.extended_why or at.date() > found.due_on:
        raise Refused(no("late", N_("More time can be taken once, and within the first month.")))
    due = rights.due(found.received_at.date(), extended=True, waited_days=found.waited_days)
    _change(by, found, at, extended_why=why.strip()[:300], due_on=due)


def note_parent(
    *, by: Actor, request_id: UUID, carer_id: UUID | None, their_yes: str, interests_why: str, at: datetime
) -> None:
    """What is needed to answer a parent: which carer, what the young person says, why it would be good."""
    found = _open(by, request_id)
    if their_yes not in ("yes", "no", "unknown"):
        raise Refused(no("their yes", N_("Choose what the young person said.")))
    _change(by, found, at, carer_id=carer_id, their_yes=their_yes, interests_why=interests_why.strip())


@transaction.atomic
def prepare_pack(*, by: Actor, request_id: UUID, held: Mapping[str, str], words: str, at: datetime) -> None:
    """The first pair of eyes: what is held back, each line with its why, and words taken out of the rest.

    `held`: line key to a reason of `rights.HELD_BACK`. May be done again until it is released.
    """
    found = _ready(by, request_id, at)
    if found.kind != Kind.SEE:
        raise Refused(no("kind", N_("A pack answers a request to see what is held.")))
    if set(held.values()) - set(rights.HELD_BACK):
        raise Refused(no("why", N_("Choose why each line is held back.")))
    _must(rights.may_move(State(found.state), State.PREPARED)) if found.state != State.PREPARED else None
    sections = queries.sections(found.person_id)
    content = pack.given(sections, frozenset(held), words.splitlines())
    existing = Pack.objects.filter(request_id=found.id).first()
    if existing is None:
        Pack(
            person_id=found.person_id, team_id=found.team_id, request_id=found.id, content=content,
            prepared_by=by.membership_id, prepared_at=at,
        ).save(force_insert=True)  # fmt: skip
    else:
        Pack.objects.filter(id=existing.id, released_at=None).update(
            content=content, prepared_by=by.membership_id, prepared_at=at
        )
    _choose(by, found, {**held, **({WORDS: "third_party"} if words.strip() else {})}, words, at)
    _change(by, found, at, state=State.PREPARED.value, first_reviewer_id=by.membership_id)
    _say(by, "prepared pack", found, at, held=len(held))


def _choose(by: Actor, found: RightsRequest, held: Mapping[str, str], words: str, at: datetime) -> None:
    """Keep the choices beside the request; a line given after all keeps its row with an empty reason."""
    before = {one.line: one.id for one in PackChoice.objects.filter(request_id=found.id)}
    for line in before.keys() | held.keys():
        values: dict[str, Any] = {
            "words": words if line == WORDS and line in held else "", "why": held.get(line, ""),
            "author_id": by.membership_id, "chosen_at": at,
        }  # fmt: skip
        if line in before:
            PackChoice.objects.filter(id=before[line]).update(**values)
        else:
            PackChoice(
                person_id=found.person_id, team_id=found.team_id, request_id=found.id, line=line, **values
            ).save(force_insert=True)


@transaction.atomic
def release_pack(*, by: Actor, request_id: UUID, decision: str, at: datetime) -> None:
    """The second pair of eyes: the pack goes out. Never by whoever prepared it."""
    found = _ready(by, request_id, at)
    _must(queries.may_be_second(found, by))
    if (
        not Pack.objects.filter(request_id=found.id, released_at=None)
        .exclude(prepared_by=by.membership_id)
        .update(released_by=by.membership_id, released_at=at)
    ):
        raise Refused(no("pack", N_("Somebody has to prepare it first.")))
    _say(by, "released pack", found, at)
    _answer(by, found, State.ANSWERED, decision, at, second=True)


@transaction.atomic
def agree_to_erase(*, by: Actor, request_id: UUID, at: datetime) -> None:
    """The first of two to say that data goes, as far as nothing must stay."""
    found = _ready(by, request_id, at)
    if found.kind != Kind.ERASE:
        raise Refused(no("kind", N_("They did not ask for this.")))
    if not queries.grounds(found.person_id):
        raise Refused(
            no(
                "grounds",
                N_("First write down on what legal ground this record is held: it decides what stays."),
            )
        )
    _must(rights.may_move(State(found.state), State.PREPARED))
    _change(by, found, at, state=State.PREPARED.value, first_reviewer_id=by.membership_id)
    _say(by, "agreed erasure", found, at)


@transaction.atomic
def erase(*, by: Actor, request_id: UUID, decision: str, at: datetime) -> None:
    """The second to say so: what may go goes now, in this transaction; the answer says what stays."""
    found = _ready(by, request_id, at)
    if found.kind != Kind.ERASE:
        raise Refused(no("kind", N_("They did not ask for this.")))
    _must(queries.may_be_second(found, by))
    whole = not retention.duty(queries.grounds(found.person_id))
    made = Erasure(
        person_id=found.person_id, team_id=found.team_id, request_id=found.id, whole=whole,
        first_id=found.first_reviewer_id, second_id=by.membership_id, agreed_at=at,
    )  # fmt: skip
    made.save(force_insert=True)
    _say(by, "agreed erasure", found, at)
    if not whole:
        _answer(by, found, State.ANSWERED, decision, at, second=True)
    retention.carry_out(erasure_id=made.id, person_id=found.person_id, whole=whole, at=at)


@transaction.atomic
def answer(*, by: Actor, request_id: UUID, decision: str, refused: bool, at: datetime) -> None:
    """Answer a request that needs no pack and no erasure, or say no to any: in words they will read."""
    found = _ready(by, request_id, at, refused=refused)
    if not refused and Kind(found.kind) in rights.TWO_PEOPLE:
        raise Refused(no("two people", N_("Two people have to look at this before it goes out.")))
    _answer(by, found, State.REFUSED if refused else State.ANSWERED, decision, at)


def _answer(
    by: Actor, found: RightsRequest, state: State, decision: str, at: datetime, *, second: bool = False
) -> None:
    if len(decision.split()) < 3:
        raise Refused(no("decision", N_("Write the answer in a few words. They will read it.")))
    _must(rights.may_move(State(found.state), state))
    values: dict[str, Any] = {"state": state.value, "decision": decision.strip(), "answered_at": at}
    if second:
        values["second_reviewer_id"] = by.membership_id
    elif found.first_reviewer_id is None:
        values["first_reviewer_id"] = by.membership_id
    if found.acknowledged_at is None:
        values["acknowledged_at"] = at
    _change(by, found, at, **values)
    for one in reach.ties(found.person_id, at):
        if one.kind == "request" and one.why == f"request {found.id}":
            access.untie(by=by, tie_id=one.id, at=at)


def _open(by: Actor, request_id: UUID) -> RightsRequest:
    found = queries.request(request_id)
    if found is None or not queries.answering(by):
        raise Refused(no("reach", N_("There is no such request.")))
    if State(found.state) not in rights.OPEN:
        raise Refused(no("state", N_("This has been answered already.")))
    return found


def _ready(by: Actor, request_id: UUID, at: datetime, *, refused: bool = False) -> RightsRequest:
    """An open request whose asker is known to be who they are and, for a parent, allowed to ask."""
    found = _open(by, request_id)
    if found.state == State.WAITING:
        raise Refused(no("waiting", N_("We wait for their answer. Let the clock go on first.")))
    if refused:
        return found
    if not found.identity_checked:
        raise Refused(no("identity", N_("First make sure that it is them.")))
    _must(queries.parent_decision(found, at))
    return found


def _change(by: Actor, found: RightsRequest, at: datetime, **values: Any) -> None:
    if not RightsRequest.objects.filter(id=found.id).update(**values):
        raise Refused(no("reach", N_("This request is not yours to answer.")))
    for name, value in values.items():
        setattr(found, name, value)
    _say(by, "answered rights", found, at, fields=sorted(values))


def _must(decision: Decision) -> None:
    if not decision:
        raise Refused(decision)


def _say(by: Actor, verb: str, found: RightsRequest, at: datetime, **detail: Any) -> None:
    audit.deed(
        by=by, verb=verb, what=f"request:{found.id}", person=(found.person_id, found.team_id), at=at,
        detail=detail,
    )  # fmt: skip
