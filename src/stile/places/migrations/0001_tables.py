"""The tables of places."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='GeoRelease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slot', models.TextField()),
                ('source', models.TextField()),
                ('vintage', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('options', models.TextField(blank=True, default='')),
                ('rows', models.PositiveIntegerField()),
                ('current', models.BooleanField(default=True)),
                ('loaded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('current', True)), fields=('slot',), name='places_one_current')],
            },
        ),
        migrations.CreateModel(
            name='Postcode',
            fields=[
                ('pc', models.CharField(max_length=7, primary_key=True, serialize=False)),
                ('lat', models.FloatField()),
                ('lon', models.FloatField()),
                ('grade', models.PositiveSmallIntegerField(default=0)),
                ('retired', models.BooleanField(null=True)),
                ('country', models.CharField(blank=True, default='', max_length=9)),
                ('region', models.CharField(blank=True, default='', max_length=9)),
                ('lad', models.CharField(blank=True, default='', max_length=9)),
                ('ward', models.CharField(blank=True, default='', max_length=9)),
                ('lsoa21', models.CharField(blank=True, default='', max_length=9)),
                ('lsoa11', models.CharField(blank=True, default='', max_length=9)),
                ('msoa21', models.CharField(blank=True, default='', max_length=9)),
                ('icb', models.CharField(blank=True, default='', max_length=9)),
                ('sicbl', models.CharField(blank=True, default='', max_length=9)),
                ('ruc21', models.CharField(blank=True, default='', max_length=4)),
                ('release', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='places.georelease')),
            ],
        ),
        migrations.CreateModel(
            name='AreaStat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.CharField(max_length=12)),
                ('kind', models.CharField(max_length=20)),
                ('indicator', models.TextField()),
                ('period', models.TextField()),
                ('value', models.FloatField()),
                ('low', models.FloatField(null=True)),
                ('high', models.FloatField(null=True)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.georelease')),
            ],
            options={
                'indexes': [models.Index(fields=['area'], name='places_stat_area')],
                'constraints': [models.UniqueConstraint(fields=('indicator', 'period', 'area'), name='places_stat_once')],
            },
        ),
        migrations.CreateModel(
            name='AreaLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('child', models.CharField(max_length=12)),
                ('parent', models.CharField(max_length=12)),
                ('kind', models.CharField(max_length=40)),
                ('share', models.FloatField()),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.georelease')),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'parent'], name='places_link_parent')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'child', 'parent'), name='places_link_once'), models.CheckConstraint(condition=models.Q(('share__gt', 0), ('share__lte', 1)), name='places_link_share')],
            },
        ),
        migrations.CreateModel(
            name='Area',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12)),
                ('kind', models.CharField(max_length=20)),
                ('name', models.TextField()),
                ('lat', models.FloatField(null=True)),
                ('lon', models.FloatField(null=True)),
                ('geometry', models.JSONField(null=True)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.georelease')),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'code'], name='places_area_kind_code')],
                'constraints': [models.UniqueConstraint(fields=('release', 'code'), name='places_area_once')],
            },
        ),
    ]
