import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("employees", "0001_initial"),
        ("incentives", "0002_keys_per_source"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="eventsource",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="eventsource",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="eventsource",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="eventsource",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="event_sources",
                to="employees.orgunit",
                verbose_name="unit pemilik",
            ),
        ),
        migrations.AddField(
            model_name="eventsourceevent",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="employees.orgunit",
                verbose_name="unit pemilik",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="eventsource",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "incentives_eventsourceevent" ("code", "credit", "id", "mapping", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."code", new_values."credit", new_values."id", new_values."mapping", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="afe0707665ee2c4595f3216e852a9faa4a5c6429",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_200dd",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="incentives_eventsource",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="eventsource",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "incentives_eventsourceevent" ("code", "credit", "id", "mapping", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."code", new_values."credit", new_values."id", new_values."mapping", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="d15be09ab228f8fd9d6d2afe8161d25acd92d068",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_543a0",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="incentives_eventsource",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="eventsource",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "incentives_eventsourceevent" ("code", "credit", "id", "mapping", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."code", old_values."credit", old_values."id", old_values."mapping", old_values."owner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="6e3f5d0717e60b63cd7a9fe560a5293bd4a794a6",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8b838",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="incentives_eventsource",
                    when="AFTER",
                ),
            ),
        ),
    ]
