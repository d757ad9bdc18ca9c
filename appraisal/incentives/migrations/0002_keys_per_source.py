import django.db.models.deletion
from django.db import migrations, models


def take_source_from_case(apps, schema_editor):
    event = apps.get_model("incentives", "ServiceEvent")
    case = apps.get_model("incentives", "ServiceCase")
    of_case = case.objects.filter(id=models.OuterRef("case_id")).values("source_id")[:1]
    event.objects.update(source_id=models.Subquery(of_case))


class Migration(migrations.Migration):
    dependencies = [("incentives", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="serviceevent", name="step_version_once"),
        migrations.RemoveConstraint(model_name="serviceevent", name="one_current_step_version"),
        migrations.AddField(
            model_name="eventconflict",
            name="reading",
            field=models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()), verbose_name="bacaan isi"),
        ),
        migrations.AddField(
            model_name="serviceevent",
            name="attributes",
            field=models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()), verbose_name="keterangan berkas"),
        ),
        migrations.AddField(
            model_name="serviceevent",
            name="source",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="incentives.eventsource",
                verbose_name="sumber",
            ),
        ),
        migrations.RunPython(take_source_from_case, migrations.RunPython.noop),
        # Deferred foreign key checks of the rows just filled must be done before the table changes again.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL IMMEDIATE"),
        migrations.AlterField(
            model_name="serviceevent",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="incentives.eventsource",
                verbose_name="sumber",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceevent",
            constraint=models.UniqueConstraint(fields=("source", "key", "version"), name="step_version_once"),
        ),
        migrations.AddConstraint(
            model_name="serviceevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True)), fields=("source", "key"), name="one_current_step_version"
            ),
        ),
    ]
