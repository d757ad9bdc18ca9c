"""The stamp of a change costs a row the same, however long its transaction is."""

from __future__ import annotations

import pytest
from django.db import connection

STAMPED = {
    "appraisal_assessment",
    "appraisal_cycle",
    "appraisal_performanceplan",
    "appraisal_progressentry",
    "employees_orgunit",
    "incentives_servicecase",
}
INSERT, EACH_ROW = 4, 1


@pytest.mark.django_db
def test_no_row_that_is_inserted_opens_a_subtransaction() -> None:
    """One for each row searches all deferred checks of the transaction: a load grows with the square of its size."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT t.tgrelid::regclass::text, p.prosrc
            FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE NOT t.tgisinternal AND t.tgtype & %s = %s
            """,
            [INSERT | EACH_ROW, INSERT | EACH_ROW],
        )
        found = cursor.fetchall()
    assert {table for table, _body in found} == STAMPED
    assert not [table for table, body in found if "_pgtrigger_should_ignore" in body or "EXCEPTION" in body]
