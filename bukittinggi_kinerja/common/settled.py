"""Until which moment the stamps of the database's clock are complete: nothing older can still appear."""

from __future__ import annotations

import datetime as dt

from django.db import connection

# A statement stamps rows no earlier than it began, and a transaction that wrote no earlier than it began. So whatever
# is not committed yet is stamped after the earliest of these moments. Sessions of other database roles hide theirs.
_SETTLED = """
    SELECT least(
        statement_timestamp(),
        min(CASE WHEN backend_xid IS NOT NULL THEN xact_start WHEN state = 'active' THEN query_start END)
    )
    FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def settled_until() -> dt.datetime:
    """Every row with an earlier stamp is committed, or never will be; read it before the rows themselves."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED)
        found: dt.datetime = cursor.fetchone()[0]
    return found
