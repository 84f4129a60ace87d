"""Tables of open geography: postcodes, areas, how areas nest, and figures about them.

Nothing here is about a person. All of it comes from public files, and each row says which reading of
which file it came from (`GeoRelease`), so that a figure on a page can be traced to its vintage. A new
reading of the same kind replaces the rows of the one before; the release itself stays as a record.
"""

from django.db import models
from django.db.models import Q


class GeoRelease(models.Model):
    """One reading of one official file. `slot`: what it fills ("postcodes", "areas:lad", "imd:2025")."""

    slot = models.TextField()
    source = models.TextField()  # file name as given, never a path
    vintage = models.TextField()  # what the data are of, such as "2025-11" or "mid-2024"
    sha256 = models.CharField(max_length=64)  # of the contents
    options = models.TextField(blank=True, default="")  # how it was asked to be read, where that matters
    rows = models.PositiveIntegerField()
    current = models.BooleanField(default=True)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slot"], condition=Q(current=True), name="places_one_current"),
        ]


class Postcode(models.Model):
    """A postcode with a position. Codes of areas are empty where the source does not give them."""

    pc = models.CharField(max_length=7, primary_key=True)  # no space: "M337XX"
    lat = models.FloatField()
    lon = models.FloatField()
    # The ONS's own grade of the position: 1 within the building .. 8 the sector; 0 not said.
    grade = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(null=True)  # null: the source does not say
    country = models.CharField(max_length=9, blank=True, default="")
    region = models.CharField(max_length=9, blank=True, default="")
    lad = models.CharField(max_length=9, blank=True, default="")
    ward = models.CharField(max_length=9, blank=True, default="")
    lsoa21 = models.CharField(max_length=9, blank=True, default="")
    lsoa11 = models.CharField(max_length=9, blank=True, default="")
    msoa21 = models.CharField(max_length=9, blank=True, default="")
    icb = models.CharField(max_length=9, blank=True, default="")
    sicbl = models.CharField(max_length=9, blank=True, default="")
    ruc21 = models.CharField(max_length=4, blank=True, default="")
    # No index: rows are only ever replaced all together.
    release = models.ForeignKey(GeoRelease, models.PROTECT, db_index=False)


class Area(models.Model):
    """A named area of one vintage: a council, an LSOA, a ward ... Codes outlive their boundaries."""

    code = models.CharField(max_length=12)
    kind = models.CharField(max_length=20)  # "lad", "lsoa", "msoa", "ward", "icb" ...
    name = models.TextField()
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    geometry = models.JSONField(null=True)  # GeoJSON geometry, WGS84
    release = models.ForeignKey(GeoRelease, models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "code"], name="places_area_once"),
        ]
        indexes = [models.Index(fields=["kind", "code"], name="places_area_kind_code")]


class AreaLink(models.Model):
    """Area `child` lies in `parent`, with the `share` of its live postcodes (or of its own) that do."""

    child = models.CharField(max_length=12)
    parent = models.CharField(max_length=12)
    kind = models.CharField(max_length=40)  # child's and parent's kind: "lsoa21-lad"
    share = models.FloatField()
    release = models.ForeignKey(GeoRelease, models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "child", "parent"], name="places_link_once"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="places_link_share"),
        ]
        indexes = [models.Index(fields=["kind", "parent"], name="places_link_parent")]


class AreaStat(models.Model):
    """One figure about one area. `low` and `high` are the source's own interval, where it gives one."""

    area = models.CharField(max_length=12)
    kind = models.CharField(max_length=20)
    indicator = models.TextField()
    period = models.TextField()
    value = models.FloatField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    release = models.ForeignKey(GeoRelease, models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "period", "area"], name="places_stat_once"),
        ]
        indexes = [models.Index(fields=["area"], name="places_stat_area")]
