"""The words of people's records, as the database spells them."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    CHARITY = "charity"
    PRACTICE = "practice"
    SCHOOL = "school"
    LOCAL_AUTHORITY = "local_authority"
    FUNDER = "funder"
    LEAD_HOST = "lead_host"
