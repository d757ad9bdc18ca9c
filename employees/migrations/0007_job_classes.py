"""Classes of posts get their days: what the catalogue said holds from the first day of the system."""

import datetime as dt

from django.db import migrations
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

FIRST_DAY = dt.date(2025, 1, 1)


def date_classes(apps, schema_editor):
    Position = apps.get_model("employees", "Position")
    JobClass = apps.get_model("employees", "JobClass")
    now = timezone.now()
    JobClass.objects.bulk_create(
        JobClass(
            position_id=pk,
            job_class=job_class,
            valid=DateRange(FIRST_DAY, None),
            note="Dari katalog jabatan",
            recorded_at=now,
        )
        for pk, job_class in Position.objects.exclude(job_class=None).values_list("pk", "job_class")
    )


class Migration(migrations.Migration):

    dependencies = [("employees", "0006_registers")]

    operations = [migrations.RunPython(date_classes, migrations.RunPython.noop)]
