"""Days on which somebody is at work: Monday to Friday.

Bank holidays count as working days here, so that a clock is at worst a day early and never late.
"""

from datetime import date, timedelta


def working_days_after(start: date, days: int) -> date:
    """The day that is `days` working days after `start`."""
    found = start
    while days > 0:
        found += timedelta(days=1)
        days -= found.weekday() < 5
    return found
