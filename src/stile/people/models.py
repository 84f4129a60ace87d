"""Organisations and who works in them; young people; carers; the three yeses.

Every table about a young person carries `person_id` and `team_id`, and the database holds the pair to
the person's own (`access/rls.py`), so that a row moves with its person and never stands elsewhere.
"""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models

from .rules.words import OrganisationKind

# ---------------------------------------------------------------- organisations and their people


class Organisation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=[(one.value, one.value) for one in OrganisationKind])
    host = models.ForeignKey("self", null=True, on_delete=models.PROTECT)  # the body that holds data for it
    directory_id = models.UUIDField(null=True)  # the same organisation in the directory, a copied id
    closed_on = models.DateField(null=True)

    class Meta:
        db_table = "people_organisation"


class Team(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    name = models.CharField(max_length=200)
    nation = models.CharField(max_length=20, default="england")
    areas = models.JSONField(default=list)  # codes of the areas it serves (places)
    live_cases = models.PositiveSmallIntegerField(default=25)  # for one worker: usual, and where to warn
    live_cases_warn = models.PositiveSmallIntegerField(default=30)

    class Meta:
        db_table = "people_team"


class Account(AbstractBaseUser):
    """How somebody signs in: no role, no organisation, nothing that could open a record by itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True, null=True)
    language = models.CharField(max_length=5, default="en-gb")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    made_up = models.BooleanField(default=False)  # of the demo: set by `stile demo`, never by a page

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        db_table = "people_account"


class Membership(models.Model):
    """Somebody as something, somewhere: what a session is bound to, and what rows are written by."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)  # what others see: "Sam", "Dee Okafor"
    role = models.CharField(max_length=20)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT)  # null: the whole organisation
    carer_id = models.UUIDField(null=True)  # a parent's or carer's own record
    on_duty = models.BooleanField(default=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_membership"
        constraints = [
            models.CheckConstraint(
                name="people_membership_has_a_house",
                condition=models.Q(organisation__isnull=False)
                | models.Q(role__in=["young_person", "parent"]),
            )
        ]


class Invitation(models.Model):
    """A way in for one colleague, or one young person: used once, for a while."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT)
    person_id = models.UUIDField(null=True)  # a young person's own account
    carer_id = models.UUIDField(null=True)
    renews_id = models.UUIDField(
        null=True
    )  # a fresh start for the account of this membership, and no new role
    author_id = models.UUIDField(null=True)  # membership; null: the operator
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_invitation"


# ---------------------------------------------------------------- young people


class AboutSomebody(models.Model):
    """What every row about a young person carries: whom, and the team they are with now."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    team_id = models.UUIDField()

    class Meta:
        abstract = True


class YoungPerson(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team_id = models.UUIDField()
    name = models.CharField(max_length=120)  # the name they use
    pronouns = models.CharField(max_length=40, blank=True)
    born = models.DateField(null=True)
    age_band = models.CharField(max_length=10)  # as said, where no date is known
    age_band_on = models.DateField()
    nation = models.CharField(max_length=20)
    nhs_number = models.CharField(max_length=10, blank=True)
    district = models.CharField(max_length=60, blank=True)  # an outcode or a town; never a full postcode
    school = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=5, default="en-gb")
    code = models.CharField(max_length=10, unique=True)  # K7M-2QF: what people say on the phone
    taken_in_at = models.DateTimeField()
    messages_off_at = models.DateTimeField(null=True)  # nothing is sent, by no route (H02)
    restricted_at = models.DateTimeField(null=True)  # held, not used
    ended_at = models.DateTimeField(null=True)  # the last episode closed; retention counts from here
    same_as = models.UUIDField(null=True)  # linked, reversibly, to the record that goes on

    class Meta:
        db_table = "people_youngperson"
        constraints = [models.UniqueConstraint(fields=["id", "team_id"], name="people_youngperson_with_team")]
        indexes = [
            models.Index(fields=["team_id", "taken_in_at"], name="people_youngperson_team"),
            models.Index(fields=["born"], name="people_youngperson_born"),
        ]


class ContactRoute(AboutSomebody):
    """One way to reach somebody. Unknown is not yes: nothing is sent where `ok` is not "yes" (H02)."""

    kind = models.CharField(max_length=12)  # text, call, email, letter, someone
    value = models.CharField(max_length=200)
    whose = models.CharField(max_length=20)  # own, parent, shared, other
    seen_by_others = models.CharField(max_length=8, default="unknown")
    leave_message = models.CharField(max_length=8, default="unknown")
    ok = models.CharField(max_length=8, default="unknown")
    good_times = models.CharField(max_length=120, blank=True)
    sender_name = models.CharField(max_length=40, blank=True)  # who our texts say they are from
    confirmed_at = models.DateTimeField(null=True)
    author_id = models.UUIDField(null=True)
    off_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_contactroute"
        indexes = [models.Index(fields=["person_id"], name="people_contactroute_person")]


class Carer(AboutSomebody):
    """A parent or carer of one young person, and how what we believe of them is known (H23)."""

    name = models.CharField(max_length=120)
    relation = models.CharField(max_length=40)
    reach = models.CharField(max_length=200, blank=True)
    responsible = models.CharField(max_length=10, default="unknown")  # yes, no, unknown, disputed
    known_by = models.CharField(max_length=20, blank=True)  # told, document, social_worker, court
    author_id = models.UUIDField()
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_carer"
        indexes = [models.Index(fields=["person_id"], name="people_carer_person")]


class HelloPage(AboutSomebody):
    """What a young person wants a charity to know on the first day; line by line approved."""

    interests = models.CharField(max_length=300, blank=True)
    at_the_door = models.CharField(max_length=300, blank=True)
    access_needs = models.CharField(max_length=300, blank=True)
    approved = ArrayField(models.CharField(max_length=20), default=list)  # the lines they said yes to (H13)
    approved_at = models.DateTimeField(null=True)
    author_id = models.UUIDField(null=True)

    class Meta:
        db_table = "people_hellopage"
        constraints = [models.UniqueConstraint(fields=["person_id"], name="people_hellopage_one")]


# ---------------------------------------------------------------- the three yeses, never merged


class CompetenceNote(AboutSomebody):
    """That somebody under 16 understood one decision, or not yet: no score, no age line."""

    deciding = models.CharField(max_length=20)  # sharing, plan, taking_part, data_rights, telling_a_parent
    decision = models.CharField(max_length=200)  # which one, in a line
    in_own_words = models.JSONField()  # what it is, who will know, what else, what could go wrong
    free_of_pressure = models.CharField(max_length=8)
    telling_a_parent = models.TextField(blank=True)
    conclusion = models.CharField(max_length=20)  # understands, not_yet, needs_help
    reasons = models.TextField()
    review_on = models.DateField()
    author_id = models.UUIDField()
    written_at = models.DateTimeField()

    class Meta:
        db_table = "people_competencenote"
        indexes = [models.Index(fields=["person_id"], name="people_competencenote_person")]


class SharingPermission(AboutSomebody):
    """(i) Confidentiality: the young person's yes to one reader seeing some slices, until a day."""

    to_organisation_id = models.UUIDField(null=True)
    to_roles = ArrayField(models.CharField(max_length=20), default=list)
    to_carer_id = models.UUIDField(null=True)
    slices = ArrayField(models.CharField(max_length=20))
    why = models.CharField(max_length=200)
    how = models.CharField(max_length=10)  # said, typed, signed
    wording = models.CharField(max_length=40)  # version and language of the words they were shown
    given_by = models.CharField(max_length=20)  # young_person, parent, lead
    witness_id = models.UUIDField(null=True)
    competence_note_id = models.UUIDField(null=True)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_how = models.CharField(max_length=40, blank=True)
    told_at = models.DateTimeField(null=True)  # when the reader was told to stop

    class Meta:
        db_table = "people_sharingpermission"
        indexes = [models.Index(fields=["person_id"], name="people_sharing_person")]
        constraints = [
            models.CheckConstraint(
                name="people_sharing_to_one_reader",
                condition=models.Q(to_organisation_id__isnull=False, to_carer_id__isnull=True)
                | models.Q(to_organisation_id__isnull=True, to_carer_id__isnull=False),
            )
        ]


class LawfulBasisEntry(AboutSomebody):
    """(ii) Data law: on what ground the controller holds this person's data, for one purpose."""

    purpose = models.CharField(max_length=30)
    article_6 = models.CharField(max_length=10)
    article_9 = models.CharField(max_length=10, blank=True)
    condition = models.CharField(max_length=200, blank=True)
    controller_id = models.UUIDField()
    set_by = models.UUIDField()
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_lawfulbasisentry"
        indexes = [models.Index(fields=["person_id"], name="people_basis_person")]


class ParticipationPermission(AboutSomebody):
    """(iii) Taking part: who may say yes to this activity, did, and whom to ring on the day."""

    activity_id = models.UUIDField(null=True)  # the directory's, a copied id; null: not in the directory
    activity_name = models.CharField(max_length=200)
    rule = models.CharField(max_length=12)  # the club's: never, under_16, under_18, first_time, unknown
    needed_from = models.CharField(max_length=20)  # parent, young_person, unknown
    answer = models.CharField(max_length=8, default="unknown")
    how = models.CharField(max_length=10, blank=True)  # said, typed, signed
    carer_id = models.UUIDField(null=True)
    emergency_name = models.CharField(max_length=120, blank=True)
    emergency_phone = models.CharField(max_length=40, blank=True)
    medical_need = models.CharField(max_length=300, blank=True)  # for that activity only
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    author_id = models.UUIDField()

    class Meta:
        db_table = "people_participationpermission"
        indexes = [models.Index(fields=["person_id"], name="people_participation_person")]


class Withdrawal(AboutSomebody):
    """A reader was told to stop using what was shared, and says so within five days (experience.md section 4)."""

    permission_id = models.UUIDField()
    organisation_id = models.UUIDField()
    shown_as = models.CharField(max_length=120, blank=True)  # the name they were shown, until they confirm
    what = models.CharField(max_length=200, blank=True)  # the activity it was for
    sent_at = models.DateTimeField()
    due_on = models.DateField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.UUIDField(null=True)

    class Meta:
        db_table = "people_withdrawal"
        indexes = [models.Index(fields=["organisation_id"], name="people_withdrawal_house")]


class Review(AboutSomebody):
    """Something to look at again by a day: a birthday that changes the rules, a note or a yes that runs out."""

    kind = models.CharField(
        max_length=30
    )  # turning_13, turning_16, before_18, turning_18, before_25, turning_25, competence, sharing
    about_id = models.UUIDField(null=True)
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "people_review"
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "kind", "about_id", "due_on"],
                name="people_review_once",
                nulls_distinct=False,
            )
        ]


# ---------------------------------------------------------------- the same person twice; rights


class SamePerson(AboutSomebody):
    """Two records looked at side by side: the same person, or not. Nothing is overwritten; it can be undone."""

    other_id = models.UUIDField()
    evidence = models.JSONField()  # which identifiers agree and differ, never their values
    same = models.BooleanField()
    author_id = models.UUIDField()
    decided_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)

    class Meta:
        db_table = "people_sameperson"


class RightsRequest(AboutSomebody):
    """Somebody asks to see, correct, restrict or erase what is held, or complains: any message counts."""

    organisation_id = models.UUIDField()  # whose duty it is to answer
    kind = models.CharField(max_length=12)  # see, correct, restrict, erase, complain
    asker = models.CharField(max_length=20)  # young_person, parent, other
    words = models.TextField(blank=True)
    received_at = models.DateTimeField()
    due_on = models.DateField()
    waiting_since = models.DateField(null=True)  # the clock waits for an identity check or an answer
    waiting_for = models.CharField(max_length=200, blank=True)
    extended_why = models.CharField(max_length=300, blank=True)
    waited_days = models.PositiveSmallIntegerField(default=0)  # of pauses that are over
    identity_checked = models.CharField(max_length=40, blank=True)  # how
    their_yes = models.CharField(max_length=8, default="unknown")  # the young person's, where a parent asks
    carer_id = models.UUIDField(null=True)  # the parent who asks
    interests_why = models.TextField(blank=True)  # why a parent's asking is plainly good for the child
    state = models.CharField(max_length=20, default="received")
    acknowledged_at = models.DateTimeField(null=True)
    first_reviewer_id = models.UUIDField(null=True)
    second_reviewer_id = models.UUIDField(null=True)
    decision = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    author_id = models.UUIDField(null=True)

    class Meta:
        db_table = "people_rightsrequest"
        indexes = [
            models.Index(fields=["person_id"], name="people_rights_person"),
            models.Index(fields=["organisation_id", "due_on"], name="people_rights_house"),
        ]


class Pack(AboutSomebody):
    """Everything held about somebody, as it was given to them: prepared by one, released by another (H11)."""

    request_id = models.UUIDField()
    content = models.JSONField()  # what is given, and nothing of what is held back
    prepared_by = models.UUIDField()
    prepared_at = models.DateTimeField()
    released_by = models.UUIDField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_pack"
        constraints = [
            models.UniqueConstraint(fields=["request_id"], name="people_pack_one"),
            models.CheckConstraint(
                name="people_pack_two_people",
                condition=models.Q(released_at__isnull=True, released_by__isnull=True)
                | models.Q(released_at__isnull=False) & ~models.Q(released_by=models.F("prepared_by")),
            ),
        ]


class PackChoice(AboutSomebody):
    """One line of a pack that is held back, or words taken out of it, and why. Never shown to whoever asked."""

    request_id = models.UUIDField()
    line = models.CharField(max_length=120)  # table:row:column; "words" for what is blacked out throughout
    words = models.TextField(blank=True)
    why = models.CharField(max_length=20)  # third_party, serious_harm, safeguarding, legal
    author_id = models.UUIDField()
    chosen_at = models.DateTimeField()

    class Meta:
        db_table = "people_packchoice"
        constraints = [models.UniqueConstraint(fields=["request_id", "line"], name="people_packchoice_once")]


class Erasure(AboutSomebody):
    """That somebody's rows are to go: the database lets rows of a person go only while one is open."""

    request_id = models.UUIDField(null=True)  # null: kept long enough
    whole = models.BooleanField()  # everything; or what need not stay
    first_id = models.UUIDField(null=True)
    second_id = models.UUIDField(null=True)
    agreed_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)  # rows by table, no values

    class Meta:
        db_table = "people_erasure"
        indexes = [models.Index(fields=["person_id"], name="people_erasure_person")]
        constraints = [
            models.CheckConstraint(
                name="people_erasure_two_people",
                condition=models.Q(request_id__isnull=True)
                | models.Q(first_id__isnull=False, second_id__isnull=False)
                & ~models.Q(first_id=models.F("second_id")),
            )
        ]
