"""How old somebody is on a day, from a date of birth or from a band they once told us. Unknown stays unknown.

Years are completed on the birthday itself; for the 29th of February, in a year without one, on the
1st of March (as section 6(2) of the Age of Legal Capacity (Scotland) Act 1991 says; counted alike in
the other nations, to be confirmed by the DPO). PostgreSQL's `age()` counts the same way.
"""

from dataclasses import dataclass
from datetime import date

from stile.kernel.answer import Answer

YOUNGEST, OLDEST = 11, 25  # whom the service is for


@dataclass(frozen=True, slots=True)
class Band:
    """An age group as people are asked for it: whole years, both ends included."""

    code: str
    low: int
    high: int


BANDS: tuple[Band, ...] = (
    Band("under-11", 0, 10),
    Band("11-12", 11, 12),
    Band("13-15", 13, 15),
    Band("16-17", 16, 17),
    Band("18-25", 18, 25),
    Band("over-25", 26, 120),
)
_BY_CODE = {band.code: band for band in BANDS}


@dataclass(frozen=True, slots=True)
class Age:
    """Between `low` and `high` whole years on the day asked about; both None where nobody has told us."""

    low: int | None
    high: int | None

    @property
    def known(self) -> bool:
        return self.low is not None

    @property
    def exact(self) -> int | None:
        return self.low if self.low == self.high else None


UNKNOWN = Age(None, None)


def birthday(born: date, year: int) -> date:
    """The day in `year` on which they complete a year."""
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def years(born: date, on: date) -> int:
    """Completed years; ValueError when the day is before the birth."""
    if on < born:
        raise ValueError("not born yet")
    return on.year - born.year - (on < birthday(born, on.year))


def age(on: date, *, born: date | None = None, band: str = "", band_on: date | None = None) -> Age:
    """How old on a day. A band told on an earlier day widens upwards: its oldest have had birthdays since."""
    if born is not None:
        return Age(years(born, on), years(born, on)) if born <= on else UNKNOWN
    told = _BY_CODE.get(band)
    if told is None or band_on is None or on < band_on:
        return UNKNOWN
    since = years(band_on, on)
    # Between two anniversaries of the telling, some have had one birthday more than others.
    return Age(told.low + since, told.high + (0 if on == band_on else since + 1))


def band(of: Age) -> str:
    """The band an age lies in; "" where it is unknown or may lie in more than one."""
    if of.low is None or of.high is None:
        return ""
    return next((one.code for one in BANDS if one.low <= of.low and of.high <= one.high), "")


def band_of(years_old: int) -> str:
    return band(Age(years_old, years_old))


def at_least(of: Age, n: int) -> Answer:
    """Whether somebody is `n` or older: yes, no, or we do not know."""
    if of.low is None or of.high is None:
        return Answer.UNKNOWN
    if of.low >= n:
        return Answer.YES
    return Answer.NO if of.high < n else Answer.UNKNOWN


def under(of: Age, n: int) -> Answer:
    """The other way round, and as unknown when unknown."""
    return {Answer.YES: Answer.NO, Answer.NO: Answer.YES, Answer.UNKNOWN: Answer.UNKNOWN}[at_least(of, n)]


def ours(of: Age) -> Answer:
    """Whether the service is for them: 11 to 25."""
    if of.low is None or of.high is None:
        return Answer.UNKNOWN
    if of.low >= YOUNGEST and of.high <= OLDEST:
        return Answer.YES
    return Answer.NO if of.high < YOUNGEST or of.low > OLDEST else Answer.UNKNOWN
