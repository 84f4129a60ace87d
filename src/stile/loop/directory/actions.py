"""Writes to the directory: each one whole or not at all, with its line in the audit."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from stile.access.gate import working_as
from stile.audit import actions as audit
from stile.kernel.decision import Refused, no
from stile.kernel.words import N_

from .intake import linking, reread
from .intake.merge import Merge
from .intake.staging import Staging, drop_tables, make_tables
from .models import Assurance, Hello, ImportRun, Link, Organisation, Service, Source, WrongDetails
from .rules import feedback
from .rules.records import AssuranceRecord, Item, Unreadable
from .rules.report import Report
from .rules.vocabulary import Room


class Busy(Unreadable):
    """Somebody else is taking in the same source at this moment."""


class Shrunk(Unreadable):
    """The source has lost so much that it is more likely broken than emptied."""


class NothingTaken(Unreadable):
    """Every record of the source was rejected; `report` says which and why."""

    def __init__(self, said: str, report: Report) -> None:
        super().__init__(said)
        self.report = report


class _NotKept(Exception):
    """Leaves the transaction of a dry run."""


def take_in(
    items: Iterable[Item],
    *,
    source: str,
    by: str,
    now: datetime,
    dry_run: bool = False,
    on_progress: Callable[[str, int], None] | None = None,
    whole: bool | Callable[[], bool] = True,
    allow_shrink: bool = False,
    about: dict[str, Any] | None = None,
    mapping: Any = None,
) -> Report:
    """Take records of one source into the directory, all of them or (on any exception) none.

    `source` is the slug; the source is made if it is new. `about` sets columns of it (name, kind,
    address, mapping, licence, attribution, vintage); `mapping` is for the report. `whole` says whether the
    items are everything the source has; then what it no longer has is withdrawn. It may be asked after
    reading.
    `on_progress(stage, records)` is called as the work goes on.

    A rejected record has not gone: what is held of it stays. Where one is so broken that nobody can tell
    which it is, nothing at all is withdrawn, and a warning says so.

    Raises Unreadable when the items hold no record at all, or whatever the reader raises; NothingTaken
    when every record was rejected, Shrunk when more than half of it has gone, both unless `allow_shrink`
    is set; Busy when the same source is being taken in elsewhere. In all these cases the directory is
    as it was.
    """
    report = Report(source=source, mapping=mapping, dry_run=dry_run)
    say = on_progress or (lambda stage, records: None)
    try:
        with transaction.atomic():
            _lock(source)
            held = _source(source, about or {}, now)
            before = Service.objects.filter(source=held, withdrawn_at=None).count()
            make_tables()
            Staging(held.id, source, report).take(items, lambda read: say("reading", read))
            if not report.read:
                raise Unreadable("there is nothing in it")
            say("merging", report.read)
            is_whole = whole() if callable(whole) else whole
            merge = Merge(held.id, report, now=now, today=timezone.localdate(now), whole=is_whole)
            merge.run()
            _something_taken(report, allow_shrink)
            gone = _withdraw(merge, before, allow_shrink) if is_whole else []
            say("linking", report.read)
            _link(held.id, report, gone, now)
            ImportRun.objects.create(source=held, by=by, at=now, report=report.as_json())
            counts = {
                name: getattr(report, name)
                for name in ("read", "imported", "merged", "unchanged", "withdrawn")
            }
            audit.record(
                by=by,
                verb="directory.take_in",
                what=f"source {held.id}",
                detail={**counts, "rejected": len(report.rejected)},
                at=now,
            )
            drop_tables()
            if dry_run:
                raise _NotKept
    except _NotKept:
        pass
    return report


def _lock(source: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended('directory.take_in ' || %s, 0))", [source]
        )
        if not cursor.fetchone()[0]:
            raise Busy(f"{source} is being taken in by somebody else just now; try again when that is done")


def _source(slug: str, about: dict[str, Any], now: datetime) -> Source:
    known = {name: value for name, value in about.items() if value is not None}
    held, _ = Source.objects.update_or_create(
        slug=slug, defaults={**known, "read_at": now}, create_defaults={"name": slug, **known, "read_at": now}
    )
    return held


def _something_taken(report: Report, allow_shrink: bool) -> None:
    if report.rejected and not (report.imported or report.unchanged or allow_shrink):
        raise NothingTaken(
            f"not one of its {len(report.rejected):,} records could be taken; the report says why", report
        )


def _withdraw(merge: Merge, before: int, allow_shrink: bool) -> list[int]:
    gone = merge.gone()
    if not allow_shrink and before and gone * 2 > before:
        raise Shrunk(
            f"{gone:,} of the {before:,} services this source had are no longer in it. That is more often a broken"
            " feed than a closed directory, so nothing was changed. If it is meant, say --allow-shrink."
        )
    if lost := merge.lost():
        if gone:
            merge.report.warn(
                merge.report.source,
                f"{gone:,} services it had were not met, and {lost:,} rejected records are so broken that nobody can"
                " tell which they are. They may be the same, so nothing was withdrawn this time.",
            )
        return []
    return merge.withdraw()


def _link(source_id: int, report: Report, gone: list[int], now: datetime) -> None:
    with connection.cursor() as cursor:
        # Two sources taken in side by side would not see each other's records: one waits for the other.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('directory.linking', 0))")
    organisations = (
        "SELECT d.id, w.held IS NULL AND w.rank = 0 FROM won_organisation w JOIN directory_organisation d"
        f" ON d.source_id = {int(source_id)} AND d.key = w.key WHERE w.held IS NULL OR w.changes"
    )
    for of, fresh in (("organisation", organisations), ("service", "SELECT service_id, is_new FROM done")):
        arrived = linking.link_fresh(of, fresh, now)
        report.linked += arrived
        report.merged += arrived
        report.imported -= arrived
    with connection.cursor() as cursor:
        cursor.execute("SELECT held FROM won_service WHERE held IS NOT NULL AND (changes OR was_away)")
        moved = [number for (number,) in cursor.fetchall()]
    linking.regroup("service", linking.linked_among("service", gone + moved))


def read_again(slug: str, *, by: str, now: datetime, on_progress: Callable[[int], None]) -> tuple[int, int]:
    """Read a source's services in the words of today's lexicon; what its keepers said stays as it is.

    Gives how many were read and how many of them now say something else. Raises Busy like `take_in`.
    """
    with transaction.atomic():
        _lock(slug)
        held = Source.objects.get(slug=slug)
        read, changed = reread.read_again(held.id, slug, on_progress)
        detail = {"read": read, "changed": changed}
        audit.record(by=by, verb="directory.read_again", what=f"source {held.id}", detail=detail, at=now)
    return read, changed


# ---------------------------------------------------------------- links


def undo_link(link_id: int, *, by: str, now: datetime) -> None:
    """Show two records apart again, and remember it, so that they are not joined another time."""
    with transaction.atomic():
        link = Link.objects.select_for_update().filter(id=link_id).first()
        if link is None:
            raise Refused(no("unknown", N_("There is no such link.")))
        if link.undone_at is not None:
            raise Refused(no("undone", N_("That link was undone already.")))
        link.undone_at, link.undone_by = now, by
        link.save(update_fields=["undone_at", "undone_by"])
        linking.regroup(link.of, [link.one])
        linking.regroup(link.of, [link.other])
        audit.record(by=by, verb="directory.undo_link", what=f"link {link_id}", at=now)


# ---------------------------------------------------------------- freshness and feedback


def confirm(service_uid: UUID | str, *, by: str, now: datetime) -> None:
    """Somebody who knows says the listing is right today: it is fresh again, and reports are settled."""
    with transaction.atomic():
        service = _service(service_uid)
        service.confirmed_on, service.doubted_at = timezone.localdate(now), None
        service.save(update_fields=["confirmed_on", "doubted_at"])
        WrongDetails.objects.filter(service=service, settled_at=None).update(settled_at=now)
        linking.regroup("service", linking.linked_among("service", [service.id]))
        audit.record(by=by, verb="directory.confirm", what=f"service {service.id}", at=now)


def confirm_source(slug: str, *, by: str, now: datetime) -> int:
    """Somebody who keeps the source says all of it is right today. Gives how many services that was.

    Listings people have said are wrong stay doubted: they want looking at one by one.
    """
    with transaction.atomic():
        services = Service.objects.filter(source__slug=slug, withdrawn_at=None, doubted_at=None)
        numbers = list(services.values_list("id", flat=True))
        services.update(confirmed_on=timezone.localdate(now))
        linking.regroup("service", linking.linked_among("service", numbers))
        audit.record(
            by=by,
            verb="directory.confirm_source",
            what=f"source {slug}",
            detail={"services": len(numbers)},
            at=now,
        )
    return len(numbers)


def report_wrong(service_uid: UUID | str, *, what: str, words: str = "", now: datetime) -> None:
    """ "Wrong details?" from the public page. Keeps what was said and when, and nothing about who."""
    decision = feedback.may_report(what, words)
    if not decision:
        raise Refused(decision)
    with transaction.atomic():
        service = _number(service_uid)
        _insert("directory_wrongdetails", service_id=service, what=what, words=words.strip(), at=now)
        # Whoever looks may say something is wrong and read nothing of what others said; whether it is
        # enough to grey the listing is weighed by the app.
        with working_as("stile_app"):
            told = WrongDetails.objects.filter(service_id=service, settled_at=None).values_list("what", "at")
            if feedback.doubted(told, now):
                Service.objects.filter(id=service, doubted_at=None).update(doubted_at=now)
        audit.record(
            by="public",
            verb="directory.report_wrong",
            what=f"service {service}",
            detail={"what": what},
            at=now,
        )


def say_how_it_was(service_uid: UUID | str, *, face: str, now: datetime) -> None:
    """Count a face. A month and a number are kept; the audit has the day and not the minute."""
    if face not in feedback.FACES:
        raise Refused(no("face", N_("Choose one of the faces.")))
    with transaction.atomic():
        service = _number(service_uid)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO directory_howitwas AS h (service_id, month, face, count) VALUES (%s, %s, %s, 1)"
                " ON CONFLICT (service_id, month, face) DO UPDATE SET count = h.count + 1",
                [service, timezone.localdate(now).replace(day=1), face],
            )
        day = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        audit.record(by="public", verb="directory.how_it_was", what=f"service {service}", at=day)


def tell_them(
    service_uid: UUID | str, *, name_to_use: str, reply_to: str, first_time: bool, now: datetime
) -> UUID:
    """ "Tell them I'm coming". Gives the message's id; it is deleted after 30 days (`forget_old`)."""
    decision = feedback.may_say_hello(name_to_use, reply_to)
    if not decision:
        raise Refused(decision)
    uid = uuid4()
    with transaction.atomic():
        service = _number(service_uid)
        _insert(
            "directory_hello",
            uid=uid,
            service_id=service,
            name_to_use=name_to_use.strip(),
            reply_to=reply_to.strip(),
            first_time=first_time,
            at=now,
            expires_on=timezone.localdate(now) + timedelta(days=feedback.HELLO_DAYS),
        )
        audit.record(by="public", verb="directory.tell_them", what=f"service {service}", at=now)
    return uid


def _insert(table: str, **values: Any) -> None:
    """A row from somebody who may add and not read: Django's own insert would ask to read the row back."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(['%s'] * len(values))})",
            list(values.values()),
        )


def _number(uid: UUID | str) -> int:
    number = Service.objects.filter(uid=str(uid)).values_list("id", flat=True).first()
    if number is None:
        raise Refused(no("unknown", N_("There is no such activity.")))
    return int(number)


def forget_old(*, now: datetime) -> int:
    """Delete messages past their day and empty the words of old reports. Gives how many messages."""
    with transaction.atomic():
        forgotten, _ = Hello.objects.filter(expires_on__lte=timezone.localdate(now)).delete()
        emptied = (
            WrongDetails.objects.filter(at__lt=now - timedelta(days=feedback.REPORT_DAYS))
            .exclude(words="")
            .update(words="")
        )
        audit.record(
            by="stile",
            verb="directory.forget_old",
            what="hello",
            detail={"messages": forgotten, "reports": emptied},
            at=now,
        )
    return forgotten


# ---------------------------------------------------------------- what the people who run it say


def set_room(
    service_uid: UUID | str,
    *,
    room: Room,
    by: str,
    now: datetime,
    places: int | None = None,
    waiting_weeks: int | None = None,
) -> None:
    """Whether one more can come ("PLACES 3", "FULL"). Holds until the source says otherwise in so many words."""
    if any(number is not None and not 0 <= number <= 30_000 for number in (places, waiting_weeks)):
        raise Refused(no("number", N_("That number cannot be right.")))
    with transaction.atomic():
        service = _service(service_uid)
        service.room, service.places, service.waiting_weeks = room.value, places, waiting_weeks
        service.room_set_at = now
        service.save(update_fields=["room", "places", "waiting_weeks", "room_set_at"])
        audit.record(
            by=by,
            verb="directory.set_room",
            what=f"service {service.id}",
            detail={"room": room.value},
            at=now,
        )


def add_assurance(
    check: AssuranceRecord,
    *,
    by: str,
    now: datetime,
    service_uid: UUID | str | None = None,
    organisation_uid: UUID | str | None = None,
) -> None:
    """A safeguarding check somebody saw, of one service or of a whole organisation."""
    with transaction.atomic():
        about = _one_of(service_uid, organisation_uid)
        Assurance.objects.create(
            **about,
            kind=check.kind,
            seen_on=check.seen_on,
            seen_by=check.seen_by,
            review_due=check.review_due,
            suspended=check.suspended,
        )
        audit.record(
            by=by, verb="directory.add_assurance", what=_what(about), detail={"kind": check.kind}, at=now
        )


def suspend(
    *,
    by: str,
    now: datetime,
    service_uid: UUID | str | None = None,
    organisation_uid: UUID | str | None = None,
) -> None:
    """Nobody is sent there from this moment (H09): holds for every record judged the same."""
    today = timezone.localdate(now)
    add_assurance(
        AssuranceRecord("suspension", seen_on=today, seen_by=by, suspended=True),
        by=by,
        now=now,
        service_uid=service_uid,
        organisation_uid=organisation_uid,
    )


def lift_suspension(
    *,
    by: str,
    now: datetime,
    service_uid: UUID | str | None = None,
    organisation_uid: UUID | str | None = None,
) -> None:
    """End our own people's suspension; one that a source tells is the source's to end."""
    with transaction.atomic():
        about = _one_of(service_uid, organisation_uid)
        ended, _ = Assurance.objects.filter(**about, suspended=True, source=None).delete()
        if not ended:
            raise Refused(no("none", N_("It is not suspended by us.")))
        audit.record(by=by, verb="directory.lift_suspension", what=_what(about), at=now)


def _service(uid: UUID | str) -> Service:
    found = Service.objects.select_for_update(no_key=True).filter(uid=str(uid)).first()
    if found is None:
        raise Refused(no("unknown", N_("There is no such activity.")))
    return found


def _one_of(service_uid: UUID | str | None, organisation_uid: UUID | str | None) -> dict[str, Any]:
    if (service_uid is None) == (organisation_uid is None):
        raise ValueError("a check is of one service or of one organisation")
    if service_uid is not None:
        return {"service": _service(service_uid)}
    found = Organisation.objects.filter(uid=str(organisation_uid)).first()
    if found is None:
        raise Refused(no("unknown", N_("There is no such organisation.")))
    return {"organisation": found}


def _what(about: dict[str, Any]) -> str:
    ((word, row),) = about.items()
    return f"{word} {row.pk}"
