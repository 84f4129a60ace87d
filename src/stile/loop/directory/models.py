"""The directory's tables: what each source says, how sources belong together, what people told us.

A record is kept as its source gives it: the columns Stile works with by name, the rest word for word
in `details`. What Stile worked out itself has columns of its own (`kinds_read`, `facts_read`, ...), so
that writing a source out again gives back what came in. How a row reaches a person: only `Hello`
does (a first name and one way to reply, for 30 days); everything else is about services.

`facts` hold answers somebody gave, {"quiet": "yes"}; a fact that is absent is unknown, never no.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce

from .rules.feedback import FACES, WRONG
from .rules.vocabulary import Delivery, ParentForm, Room

STATUSES = ("active", "inactive", "defunct", "temporarily closed")


def said() -> models.TextField:
    return models.TextField(blank=True, default="")


def one_of(field: str, values: object) -> Q:
    return Q(**{f"{field}__in": [str(value) for value in values]})  # type: ignore[attr-defined]


class Source(models.Model):
    """Where records come from: a feed, a file, or people typing here. Its key is the `slug`."""

    slug = models.TextField(unique=True)
    name = models.TextField()
    kind = said()  # the reader's name of the format
    address = said()  # web address, or the name of the file as it was given
    mapping = models.JSONField(null=True)  # which column means what, as somebody confirmed it
    cursor = models.JSONField(default=dict)  # where to go on, ETag, last-modified
    licence = said()
    attribution = said()  # what must be said when showing it
    vintage = said()  # the day or edition the source says it is of
    read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.slug


class ImportRun(models.Model):
    """One taking-in that was kept, with its report as JSON."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="runs")
    by = models.TextField()
    at = models.DateTimeField()
    report = models.JSONField()


class Held(models.Model):
    """A record as one source holds it."""

    source = models.ForeignKey(Source, models.PROTECT, db_index=False)
    key = models.TextField()  # the source's own id
    uid = models.UUIDField(unique=True)  # ours, from source and key: the same in every database
    details = models.JSONField(default=dict)
    fingerprint = models.UUIDField()  # of the record as it came, to tell an unchanged one
    nested = models.BooleanField(default=False)  # known only from inside other records
    withdrawn_at = models.DateTimeField(null=True)  # gone from its source; kept, and restored if it returns

    class Meta:
        abstract = True


class Organisation(Held):
    name = said()
    description = said()
    email = said()
    website = said()
    phone = said()
    identifiers = models.JSONField(default=list)  # [[scheme, identifier], ...]
    same_as = models.ForeignKey("self", models.SET_NULL, null=True)  # shown under that one
    name_key = said()  # what likeness is judged by; see rules/likeness.py
    phone_key = said()
    web_key = said()
    mail_key = said()
    identifier_keys = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="organisation_key")]
        indexes = [
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="organisation_name_trgm"),
            GinIndex(fields=["identifier_keys"], name="organisation_identifiers"),
            models.Index(fields=["name_key"], name="organisation_name_key"),
            models.Index(fields=["phone_key"], name="organisation_phone_key", condition=~Q(phone_key="")),
            models.Index(fields=["web_key"], name="organisation_web_key", condition=~Q(web_key="")),
        ]


class Location(Held):
    """A place. Coordinates are WGS84 degrees; `position_km` is how far off they may be."""

    organisation_key = said()  # as the source says; it may name nobody
    name = said()
    kind = models.TextField(default="physical")
    given_lat = models.FloatField(null=True)  # as the source says, right or wrong
    given_lon = models.FloatField(null=True)
    address = said()
    town = said()
    postcode = said()
    country = said()
    transport = said()
    facts = models.JSONField(default=dict)
    lat = models.FloatField(null=True)  # what we go by: given and plausible, else the postcode's
    lon = models.FloatField(null=True)
    position_km = models.FloatField(default=0)
    postcode_key = said()  # "M33 7XX"; empty when it cannot be one

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="location_key"),
            models.CheckConstraint(
                condition=Q(lat__range=(-90, 90), lon__range=(-180, 180)) | Q(lat=None, lon=None),
                name="location_position",
            ),
            models.CheckConstraint(condition=Q(position_km__gte=0), name="location_position_km"),
        ]
        indexes = [
            models.Index(fields=["postcode_key"], name="location_postcode", condition=~Q(postcode_key="")),
            GistIndex(
                Func(F("lon"), F("lat"), function="point"),
                name="location_point",
                condition=Q(lat__isnull=False),
            ),
        ]


class Service(Held):
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True)
    name = models.TextField()
    alternate_name = said()
    description = said()
    website = said()
    email = said()
    phone = said()
    status = models.TextField(default="active")
    min_age = models.SmallIntegerField(null=True)
    max_age = models.SmallIntegerField(null=True)
    age_text = said()
    delivery = models.TextField(default=Delivery.UNKNOWN)
    parent_form = models.TextField(default=ParentForm.UNKNOWN)
    room = models.TextField(default=Room.UNKNOWN)
    room_set_at = models.DateTimeField(null=True)  # set here, by the people who run it; else the source's
    places = models.IntegerField(null=True)
    waiting_weeks = models.SmallIntegerField(null=True)
    kinds = ArrayField(models.TextField(), default=list)  # the source's own
    kinds_read = ArrayField(models.TextField(), default=list)  # read in its words
    facts = models.JSONField(default=dict)
    facts_read = models.JSONField(default=dict)
    languages = ArrayField(models.TextField(), default=list)
    language_codes = ArrayField(models.TextField(), default=list)
    welcome = models.JSONField(default=dict)
    confirmed_on = models.DateField(null=True)
    listed_on = models.DateField()  # the day its source first said it, or last said something new
    checked_on = models.GeneratedField(
        expression=Coalesce("confirmed_on", "listed_on"), output_field=models.DateField(), db_persist=True
    )
    doubted_at = models.DateTimeField(null=True)  # people said it is wrong; cleared by confirming
    modified_at = models.DateTimeField(null=True)
    price_pence = models.IntegerField(null=True)
    same_as = models.ForeignKey("self", models.SET_NULL, null=True)  # shown under that one
    name_key = said()
    phone_key = said()
    web_key = said()
    mail_key = said()
    changed_tx = models.BigIntegerField(default=0)  # the transaction that last touched it: a trigger's work

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="service_key"),
            models.CheckConstraint(condition=~Q(name=""), name="service_name"),
            models.CheckConstraint(condition=one_of("status", STATUSES), name="service_status"),
            models.CheckConstraint(condition=one_of("delivery", Delivery), name="service_delivery"),
            models.CheckConstraint(condition=one_of("parent_form", ParentForm), name="service_parent_form"),
            models.CheckConstraint(condition=one_of("room", Room), name="service_room"),
            models.CheckConstraint(
                condition=(Q(min_age=None) | Q(min_age__range=(0, 150)))
                & (Q(max_age=None) | Q(max_age__range=(0, 150)))
                & (Q(min_age=None) | Q(max_age=None) | Q(min_age__lte=F("max_age"))),
                name="service_ages",
            ),
            models.CheckConstraint(
                condition=(Q(places=None) | Q(places__gte=0))
                & (Q(waiting_weeks=None) | Q(waiting_weeks__gte=0))
                & (Q(price_pence=None) | Q(price_pence__gte=0)),
                name="service_counts",
            ),
        ]
        indexes = [
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="service_name_trgm"),
            models.Index(fields=["changed_tx"], name="service_changed"),
            models.Index(fields=["checked_on"], name="service_checked"),
            models.Index(fields=["name_key"], name="service_name_key"),
            models.Index(fields=["phone_key"], name="service_phone_key", condition=~Q(phone_key="")),
            models.Index(fields=["web_key"], name="service_web_key", condition=~Q(web_key="")),
        ]


class ServiceAtLocation(models.Model):
    """A service at one of its places: the row people are shown. One without a place has one row too."""

    service = models.ForeignKey(Service, models.CASCADE, db_index=False)
    location = models.ForeignKey(Location, models.PROTECT, null=True)
    key = said()  # "" on the row of a service without a place
    nth = models.SmallIntegerField(default=0)  # sources repeat keys; this tells them apart
    order = models.SmallIntegerField(default=0)
    details = models.JSONField(default=dict)
    slots = models.IntegerField(default=0)  # bits of vocabulary.slot_bit, from all its certain times

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "key", "nth"], name="sal_key")]


class Schedule(models.Model):
    """When: a rule in the terms of RFC 5545, local wall-clock times. Of a service, or only of one place."""

    service = models.ForeignKey(Service, models.CASCADE)
    at_location = models.ForeignKey(ServiceAtLocation, models.CASCADE, null=True)
    order = models.SmallIntegerField(default=0)
    key = said()
    freq = said()
    interval = models.IntegerField(default=1)
    byday = said()
    bymonthday = said()
    dtstart = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    until = models.DateField(null=True)
    count = models.IntegerField(null=True)
    opens_at = models.TimeField(null=True)
    closes_at = models.TimeField(null=True)
    text = said()
    details = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(interval__gte=1), name="schedule_interval")]


class CostOption(models.Model):
    service = models.ForeignKey(Service, models.CASCADE)
    order = models.SmallIntegerField(default=0)
    key = said()
    option = said()
    amount_pence = models.BigIntegerField(null=True)  # hundredths of `currency`
    currency = said()
    text = said()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    details = models.JSONField(default=dict)


class Term(Held):
    """A term of somebody's taxonomy."""

    name = said()
    taxonomy = said()
    code = said()
    uri = said()
    parent_key = said()
    description = said()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="term_key")]


class ServiceTerm(models.Model):
    service = models.ForeignKey(Service, models.CASCADE)
    term = models.ForeignKey(Term, models.CASCADE)
    order = models.SmallIntegerField(default=0)


class Assurance(models.Model):
    """A safeguarding check somebody saw, of a whole organisation or of one service (never both)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True)
    service = models.ForeignKey(Service, models.CASCADE, null=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True)  # None: seen by our own people
    order = models.SmallIntegerField(default=0)
    kind = models.TextField()
    seen_on = models.DateField(null=True)
    seen_by = said()
    review_due = models.DateField(null=True)
    suspended = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation=None, service__isnull=False)
                | Q(organisation__isnull=False, service=None),
                name="assurance_of_one",
            )
        ]


class Link(models.Model):
    """Two records of different sources judged to be the same, with the evidence; can be undone.

    `one` and `other` are numbers in the table that `of` names, `one` the smaller.
    An undone link stays, so that the pair is not joined again.
    """

    of = models.TextField()  # service or organisation
    one = models.BigIntegerField()
    other = models.BigIntegerField()
    evidence = models.JSONField()  # [[kind, words], ...]
    words = models.TextField()  # how sure, in words
    made_by = models.TextField()
    made_at = models.DateTimeField()
    undone_by = said()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "one", "other"], name="link_pair"),
            models.CheckConstraint(condition=one_of("of", ("service", "organisation")), name="link_of"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="link_ordered"),
        ]
        indexes = [models.Index(fields=["of", "other"], name="link_other")]


class WrongDetails(models.Model):
    """Somebody said a listing is wrong. Who they are is neither asked nor kept."""

    service = models.ForeignKey(Service, models.CASCADE)
    what = models.TextField()
    words = said()
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=one_of("what", WRONG), name="wrong_what")]


class HowItWas(models.Model):
    """How many chose each face, by service and month; nothing about who or when exactly."""

    service = models.ForeignKey(Service, models.CASCADE, db_index=False)
    month = models.DateField()  # its first day
    face = models.TextField()
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "month", "face"], name="how_it_was_key"),
            models.CheckConstraint(condition=one_of("face", FACES), name="how_it_was_face"),
        ]


class Hello(models.Model):
    """ "Tell them I'm coming": personal. Deleted on `expires_on`; no surname, birth date or health."""

    uid = models.UUIDField(unique=True)
    service = models.ForeignKey(Service, models.CASCADE)
    name_to_use = models.TextField()
    reply_to = models.TextField()
    first_time = models.BooleanField(default=False)
    at = models.DateTimeField()
    expires_on = models.DateField(db_index=True)
