"""The function that stamps rows, for every table that lists changes over REST."""

from __future__ import annotations

from django.db import migrations

CREATE = """
CREATE FUNCTION common_stamp_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at = clock_timestamp();
    RETURN NEW;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("common", "0002_seal_columns_seal_row_digests_seal_row_ids")]

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION common_stamp_updated_at()")]
