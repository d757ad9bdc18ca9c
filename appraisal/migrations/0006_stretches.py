"""A case covers the days its person held the post: until now its plan's days in the cycle, or the whole cycle."""

from __future__ import annotations

from django.db import migrations, models

FILL = """
    WITH days AS (
        SELECT a.id, c.start, c."end", greatest(c.start, lower(p.valid)) AS first_day, least(c."end", upper(p.valid)) AS upto
        FROM appraisal_assessment AS a
        JOIN appraisal_cycle AS c ON c.id = a.cycle_id
        LEFT JOIN appraisal_performanceplan AS p ON p.id = a.plan_id
    )
    UPDATE appraisal_assessment AS a
    SET stretch_start = CASE WHEN first_day < upto THEN first_day ELSE start END,
        stretch_end = CASE WHEN first_day < upto THEN upto ELSE "end" END
    FROM days WHERE days.id = a.id
"""


class Migration(migrations.Migration):
    dependencies = [("appraisal", "0005_smallest_cell")]

    operations = [
        migrations.RemoveConstraint(model_name="assessment", name="one_current_case_without_plan"),
        migrations.AddField("assessment", "stretch_start", models.DateField(null=True, verbose_name="mulai penggal")),
        migrations.AddField("assessment", "stretch_end", models.DateField(null=True, verbose_name="penggal berakhir sebelum")),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField("assessment", "stretch_start", models.DateField(verbose_name="mulai penggal")),
        migrations.AlterField("assessment", "stretch_end", models.DateField(verbose_name="penggal berakhir sebelum")),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True), ("plan__isnull", True)),
                fields=("cycle", "employee", "stretch_start"),
                name="one_current_case_without_plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("stretch_start__lt", models.F("stretch_end"))),
                name="stretch_has_a_day",
                violation_error_message="Penggal periode paling sedikit satu hari.",
            ),
        ),
    ]
