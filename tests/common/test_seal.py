"""The seal: whoever touches a row of the memory is found out, and the row is named."""

import datetime as dt
from contextlib import contextmanager
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, NotSupportedError, connection, connections, transaction

from appraisal.models import Score
from bukittinggi_kinerja.common import seal as sealing
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.models import ClosedDay, Event, Seal
from bukittinggi_kinerja.common.seal import Fault, last_seal, seal_new, streams, verify

NOW = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)


def tell(count: int = 1) -> list[Event]:
    return [
        record_event(action="uji.terjadi", subject=("uji", n), actor=None, now=NOW, new={"nilai": Decimal("1.50"), "urut": n})
        for n in range(count)
    ]


@contextmanager
def unguarded(table: str):  # type: ignore[no-untyped-def]
    """What the owner of the database can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def found_broken() -> tuple[str, int | None, Fault]:
    broken = verify().broken
    assert broken is not None
    return broken.stream, broken.row, broken.fault


@pytest.mark.django_db
class TestSealing:
    def test_new_rows_are_sealed_once(self) -> None:
        tell(3)
        first = seal_new(now=NOW)
        assert (first.seals, first.rows) == (1, 3)
        assert seal_new(now=NOW).rows == 0
        tell(2)
        assert seal_new(now=NOW).rows == 2
        assert verify() == sealing.AuditReport(seals=2, rows=5, unsealed=0)

    def test_every_table_that_only_grows_is_a_stream(self) -> None:
        names = {stream.name for stream in streams()}
        assert {"common.event", "appraisal.score", "appraisal.scoredindicator", "employees.employeeevent", "common.closeddayevent"} <= names
        assert "common.seal" not in names

    def test_scores_are_covered_in_the_order_of_writing_not_of_their_key(self) -> None:
        keys = {stream.name: stream.key for stream in streams()}
        assert keys["appraisal.score"] == "sequence"
        assert keys["common.event"] == "id"
        assert Score._meta.get_field("sequence").db_default is not None

    def test_changes_of_master_data_are_sealed_with_the_events_in_one_chain(self) -> None:
        ClosedDay.objects.create(date=dt.date(2026, 12, 22), kind="LIBUR_LOKAL", name="Hari Jadi Kota")
        tell()
        seal_new(now=NOW)
        chain = list(Seal.objects.order_by("id"))
        assert [s.stream for s in chain] == ["common.closeddayevent", "common.event"]
        assert chain[1].previous == chain[0].digest
        assert chain[0].previous == sealing.GENESIS
        assert last_seal() == chain[1]

    def test_long_news_are_sealed_in_batches(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sealing, "BATCH_ROWS", 4)
        tell(10)
        report = seal_new(now=NOW)
        assert (report.seals, report.rows) == (3, 10)
        assert verify().rows == 10

    def test_a_gap_left_by_a_refused_transaction_is_no_fault(self) -> None:
        tell()
        with transaction.atomic():
            tell()
            transaction.set_rollback(True)
        tell()
        seal_new(now=NOW)
        assert verify().broken is None

    def test_a_column_added_later_breaks_no_seal(self) -> None:
        tell(2)
        seal_new(now=NOW)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE common_event ADD COLUMN later integer DEFAULT 7")
        stream = next(s for s in streams() if s.name == "common.event")
        wider = sealing.Stream(stream.name, stream.table, stream.key, (*stream.columns, "later"))
        assert sealing._row_fault(Seal.objects.get(), wider, first=True) is None

    def test_the_session_does_not_colour_the_digest(self) -> None:
        last = tell(2)[-1].pk
        stream = next(s for s in streams() if s.name == "common.event")
        before = sealing._digests(stream, stream.columns, after=None, upto=last)
        with connection.cursor() as cursor:
            cursor.execute("SET TIME ZONE 'Asia/Jakarta'")
        assert sealing._digests(stream, stream.columns, after=None, upto=last) == before


@pytest.mark.django_db
class TestTampering:
    def test_a_changed_row_is_named(self) -> None:
        rows = tell(5)
        seal_new(now=NOW)
        with unguarded("common_event") as cursor:
            cursor.execute("UPDATE common_event SET new = jsonb_set(new, '{nilai}', '\"9.00\"') WHERE id = %s", [rows[2].pk])
        assert found_broken() == ("common.event", rows[2].pk, Fault.CHANGED)

    def test_a_removed_row_is_named(self) -> None:
        rows = tell(5)
        seal_new(now=NOW)
        with unguarded("common_event") as cursor:
            cursor.execute("DELETE FROM common_event WHERE id = %s", [rows[1].pk])
        assert found_broken() == ("common.event", rows[1].pk, Fault.REMOVED)

    def test_the_last_rows_cannot_be_cut_off(self) -> None:
        rows = tell(5)
        seal_new(now=NOW)
        with unguarded("common_event") as cursor:
            cursor.execute("DELETE FROM common_event WHERE id >= %s", [rows[3].pk])
        assert found_broken() == ("common.event", rows[3].pk, Fault.REMOVED)

    @pytest.mark.parametrize("number", [-5, 0])
    def test_a_row_slipped_in_before_the_beginning_is_named(self, number: int) -> None:
        tell(2)
        seal_new(now=NOW)
        Event.objects.create(pk=number, at=NOW, action="uji.palsu", subject_type="uji", subject_id="1")
        assert found_broken() == ("common.event", number, Fault.INSERTED)

    def test_a_row_slipped_into_a_gap_between_two_seals_is_named(self) -> None:
        tell()
        seal_new(now=NOW)
        with transaction.atomic():
            gap = tell()[0].pk
            transaction.set_rollback(True)
        tell()
        seal_new(now=NOW)
        Event.objects.create(pk=gap, at=NOW, action="uji.palsu", subject_type="uji", subject_id="1")
        assert found_broken() == ("common.event", gap, Fault.INSERTED)

    def test_a_changed_history_row_of_master_data_is_named(self) -> None:
        ClosedDay.objects.create(date=dt.date(2026, 12, 22), kind="LIBUR_LOKAL", name="Hari Jadi Kota")
        seal_new(now=NOW)
        with unguarded("common_closeddayevent") as cursor:
            cursor.execute("UPDATE common_closeddayevent SET name = 'Hari lain' RETURNING pgh_id")
            number = cursor.fetchone()[0]
        assert found_broken() == ("common.closeddayevent", number, Fault.CHANGED)

    def test_of_two_broken_rows_the_first_is_named(self) -> None:
        rows = tell(4)
        seal_new(now=NOW)
        with unguarded("common_event") as cursor:
            cursor.execute("DELETE FROM common_event WHERE id = %s", [rows[3].pk])
            cursor.execute("UPDATE common_event SET reason = 'x' WHERE id = %s", [rows[0].pk])
        assert found_broken() == ("common.event", rows[0].pk, Fault.CHANGED)

    def test_a_seal_adjusted_to_a_changed_row_breaks_itself(self) -> None:
        rows = tell(2)
        seal_new(now=NOW)
        with unguarded("common_event") as cursor:
            cursor.execute("UPDATE common_event SET reason = 'x' WHERE id = %s", [rows[0].pk])
        stream = next(s for s in streams() if s.name == "common.event")
        fitting = b"".join(sealing._digests(stream, stream.columns, after=None, upto=rows[1].pk).digests)
        with unguarded("common_seal") as cursor:
            cursor.execute("UPDATE common_seal SET row_digests = %s", [fitting])
        assert found_broken() == ("common.event", None, Fault.SEAL)

    def test_a_removed_seal_breaks_the_chain(self) -> None:
        for _time in range(3):
            tell()
            seal_new(now=NOW)
        middle = Seal.objects.order_by("id")[1]
        with unguarded("common_seal") as cursor:
            cursor.execute("DELETE FROM common_seal WHERE id = %s", [middle.pk])
        assert found_broken() == ("common.event", None, Fault.SEAL)

    @pytest.mark.parametrize("table", ["common_event", "common_seal", "common_closeddayevent"])
    @pytest.mark.parametrize("statement", ["TRUNCATE {} CASCADE", "DELETE FROM {}", "UPDATE {} SET {key} = {key}"])
    def test_the_database_refuses_to_change_remove_or_empty(self, table: str, statement: str) -> None:
        tell()
        ClosedDay.objects.create(date=dt.date(2026, 12, 22), kind="LIBUR_LOKAL", name="Hari Jadi Kota")
        seal_new(now=NOW)
        key = {"common_closeddayevent": "pgh_id"}.get(table, "id")
        with pytest.raises((InternalError, NotSupportedError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table, key=key))


@pytest.mark.django_db
class TestCommand:
    def test_an_intact_memory_prints_its_figures_and_the_last_seal(self) -> None:
        tell(3)
        seal_new(now=NOW)
        tell()
        out = StringIO()
        call_command("verify_audit", stdout=out)
        assert "1 segel, 3 baris; 1 baris menunggu segel" in out.getvalue()
        assert out.getvalue().split()[-1] == last_seal().digest  # type: ignore[union-attr]

    def test_a_printed_seal_shows_that_the_end_of_the_chain_was_cut_off(self) -> None:
        tell()
        seal_new(now=NOW)
        tell()
        seal_new(now=NOW)
        printed = last_seal()
        assert printed is not None
        call_command("verify_audit", seal=printed.digest, stdout=StringIO())
        with unguarded("common_seal") as cursor:
            cursor.execute("DELETE FROM common_seal WHERE id = %s", [printed.pk])
        call_command("verify_audit", stdout=StringIO())
        with pytest.raises(CommandError, match="dipotong"):
            call_command("verify_audit", seal=printed.digest)

    def test_a_broken_memory_exits_with_1_and_names_the_row(self) -> None:
        rows = tell(2)
        seal_new(now=NOW)
        with unguarded("common_event") as cursor:
            cursor.execute("DELETE FROM common_event WHERE id = %s", [rows[0].pk])
        with pytest.raises(CommandError) as end:
            call_command("verify_audit")
        assert end.value.returncode == 1
        assert f"common.event nomor {rows[0].pk} dihapus" in str(end.value)


@pytest.mark.django_db(transaction=True)
def test_rows_of_a_writer_who_takes_his_time_wait_for_the_next_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lower number committed after a higher one must not be missed."""
    monkeypatch.setattr(sealing, "LOCK_TIMEOUT", "50ms")
    slow = connections.create_connection("default")
    try:
        slow.set_autocommit(False)
        with slow.cursor() as cursor:
            cursor.execute(
                "INSERT INTO common_event (at, action, subject_type, subject_id, old, new, reason) VALUES (now(), 'lambat', 'uji', '1', '{}', '{}', '')"
            )
        quick = tell()[0]
        assert seal_new(now=NOW).waiting == ("common.event",)
        assert not Seal.objects.exists()
        slow.commit()
        assert seal_new(now=NOW).rows == 2
        assert min(Seal.objects.get().row_ids) < quick.pk
        assert verify().broken is None
    finally:
        slow.close()
