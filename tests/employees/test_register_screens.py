"""Who sees which register, how much of it, who writes it, and what looking leaves behind."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bukittinggi_kinerja.common.errors import NotAllowed, NotVisible
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.period import JAKARTA
from employees.models import PERSONAL, BankAccount, Discipline, Education, Leave, OfficialTravel, RoleAssignment, TaxCategory
from employees.policies import registers_of
from employees.queries import managed_paths
from employees.rules.registers import SEEN, Register, Relation, Sight
from employees.rules.viewing import Role
from tests.people import ALWAYS, City

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 20, 9, tzinfo=JAKARTA)
MAY = DateRange(dt.date(2026, 5, 4), dt.date(2026, 5, 9))
SINCE = DateRange(dt.date(2026, 1, 1), None)
NUMBER = "9081726354"

N, D, S, R, F = Sight.NOTHING, Sight.DAYS, Sight.SUMMARY, Sight.ON_REASON, Sight.FULL
#: How much each sees of the registers of "pegawai", one of the twelve whom penilai rates; None: not even the page.
MATRIX: dict[str, dict[Register, Sight] | type[Exception]] = {
    role: dict(
        zip((Register.LEAVE, Register.TRAVEL, Register.DISCIPLINE, Register.EDUCATION, Register.BANK, Register.TAX), seen, strict=True)
    )
    for role, seen in {
        "pegawai": (F, F, F, F, R, F),
        "penilai": (D, D, N, N, N, N),
        "pengelola": (S, F, S, F, S, S),
        "bkpsdm": (R, F, R, F, R, R),
        "inspektorat": (R, F, R, F, R, R),
    }.items()
} | {"atasan": NotAllowed, "dpmptsp": NotAllowed, "pimpinan": NotVisible, "luar": NotVisible}


@pytest.fixture
def kept(city: City, monkeypatch: pytest.MonkeyPatch) -> dict[Register, Any]:
    """A row of every register of "pegawai", each with words that stand nowhere else on its page."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    person: dict[str, Any] = {"employee": city.people["pegawai"], "recorded_at": NOW}
    rows: list[Any] = [
        Leave(kind="SAKIT", valid=MAY, letter_number="SKD/77", note="Rawat inap", **person),
        OfficialTravel(destination="Payakumbuh", valid=DateRange(dt.date(2026, 5, 11), dt.date(2026, 5, 13)), **person),
        Discipline(kind="POTONG_9", valid=MAY, letter_number="862/9", **person),
        Education(level="S1", major="Agroekoteknologi", school="Universitas Andalas", graduated=2012, **person),
        BankAccount(bank="Bank Nagari", number=NUMBER, holder="Si Pemilik", valid=SINCE, **person),
        TaxCategory(status="K/2", valid=SINCE, **person),
    ]
    for row in rows:
        row.save()
    return {row.register: row for row in rows}


#: What stands on the page: of a row that is seen, and of its detail.
ROW_WORDS = {
    Register.LEAVE: "4 Mei 2026 – 8 Mei 2026", Register.TRAVEL: "Payakumbuh", Register.DISCIPLINE: "daftar-disiplin",
    Register.EDUCATION: "Agroekoteknologi", Register.BANK: "••••6354", Register.TAX: "daftar-pajak",
}  # fmt: skip
DETAIL_WORDS = {
    Register.LEAVE: ("Cuti sakit", "Rawat inap", "SKD/77"), Register.DISCIPLINE: ("selama 9 bulan", "862/9"),
    Register.BANK: (NUMBER, "Si Pemilik"), Register.TAX: ("K/2",),
}  # fmt: skip


@pytest.mark.parametrize("role", MATRIX)
def test_each_role_sees_of_each_register_what_the_table_says(city: City, kept: dict[Register, Any], role: str) -> None:
    expected, person = MATRIX[role], city.people["pegawai"].pk
    if isinstance(expected, type):
        with pytest.raises(expected):
            registers_of(city.viewer(role), person)
        assert city.client(role).get(f"/pegawai/{person}/").status_code == expected.status  # type: ignore[attr-defined]
        return
    access = registers_of(city.viewer(role), person)
    assert {register: access.sight(register) for register in PERSONAL} == expected
    page = city.client(role).get(f"/pegawai/{person}/").content.decode()
    for register, sight in expected.items():
        assert (ROW_WORDS[register] in page) == (sight > D or (sight == D and register == Register.LEAVE)), register
        details = DETAIL_WORDS.get(register, ())
        assert all((words in page) == (sight == F) for words in details), register
    assert page.count("Tampilkan sekali") == sum(sight == R for sight in expected.values())
    assert not Event.objects.exclude(action__startswith="session").exists(), "looking at what is open writes nothing"


@pytest.mark.parametrize("role", MATRIX)
@pytest.mark.parametrize("register", list(DETAIL_WORDS))
def test_a_detail_opens_once_for_a_reason_and_leaves_its_trace(
    city: City, kept: dict[Register, Any], role: str, register: Register
) -> None:
    person, row = city.people["pegawai"].pk, kept[register]
    sent = {"daftar": register.value, "catatan": str(row.pk), "reason": "Surat 700/12"}
    answer = city.client(role).post(f"/pegawai/{person}/buka/", sent)
    expected = MATRIX[role]
    sight = N if isinstance(expected, type) else expected[register]
    traces = Event.objects.filter(action="employees.register.opened")
    if sight < R:
        assert answer.status_code == (expected.status if isinstance(expected, type) else 403)  # type: ignore[attr-defined]
        assert not traces.exists()
        return
    text = answer.content.decode()
    assert all(words in text for words in DETAIL_WORDS[register])
    assert "no-store" in answer["Cache-Control"]
    assert traces.count() == (sight == R)
    for trace in traces:
        assert (trace.actor, trace.subject_id, trace.reason) == (city.users[role].pk, str(person), "Surat 700/12")
        assert not any(words in str(trace.new) for words in DETAIL_WORDS[register])


def test_nothing_opens_without_a_reason_and_the_page_asks_for_it(city: City, kept: dict[Register, Any]) -> None:
    person = city.people["pegawai"].pk
    for reason in ("", "   ", "\u200e"):
        sent = {"daftar": "rekening", "catatan": str(kept[Register.BANK].pk), "reason": reason}
        answer = city.client("bkpsdm").post(f"/pegawai/{person}/buka/", sent)
        assert answer.status_code == 400
        assert NUMBER not in answer.content.decode()
    assert "Tulis alasannya" in answer.content.decode()
    assert not Event.objects.filter(action="employees.register.opened").exists()


def test_the_owner_reads_who_looked_when_in_which_role_and_why(city: City, kept: dict[Register, Any]) -> None:
    person = city.people["pegawai"].pk
    sent = {"daftar": "disiplin", "catatan": str(kept[Register.DISCIPLINE].pk), "reason": "Usul kenaikan pangkat"}
    city.client("bkpsdm").post(f"/pegawai/{person}/buka/", sent)
    page = city.client("pegawai").get(f"/pegawai/{person}/").content.decode()
    for words in ("Usul kenaikan pangkat", "BKPSDM", "20 Mei 2026 pukul 09.00 WIB"):
        assert words in page
    assert "Usul kenaikan pangkat" not in city.client("bkpsdm").get(f"/pegawai/{person}/").content.decode()


def test_a_row_of_another_person_is_not_opened_through_ones_own_page(city: City, kept: dict[Register, Any]) -> None:
    other = city.people["luar"]
    sent = {"daftar": "rekening", "catatan": str(kept[Register.BANK].pk), "reason": "x"}
    assert city.client("luar").post(f"/pegawai/{other.pk}/buka/", sent).status_code == 404
    assert city.client("bkpsdm").post(f"/pegawai/{other.pk}/buka/", sent).status_code == 404
    for name, number in (("rekening", "x"), ("tidak-ada", "1"), ("tpp", "1"), ("rekening", "9" * 40)):
        assert (
            city.client("bkpsdm").post(f"/pegawai/{other.pk}/buka/", {"daftar": name, "catatan": number, "reason": "x"}).status_code == 404
        )


def test_who_leads_one_unit_and_keeps_the_people_of_another_reads_registers_of_the_other_only(city: City) -> None:
    """To lead is not to keep records: the head of Perizinan stays outside, though his units are in one list with the others."""
    RoleAssignment.objects.create(user=city.users["atasan"], role=Role.UNIT_HR, unit=city.units["DINKES"], valid=ALWAYS)
    viewer = city.viewer("atasan")
    assert managed_paths(viewer) == ("BKT/DINKES/",)
    assert registers_of(viewer, city.people["luar"].pk).relations == {Relation.UNIT_HR}
    with pytest.raises(NotAllowed):
        registers_of(viewer, city.people["pegawai"].pk)


def test_every_register_has_a_rule_for_every_relation() -> None:
    assert {register: set(by) for register, by in SEEN.items()} == {register: set(Relation) for register in Register}


# --- writing


def url(city: City, who: str, tail: str) -> str:
    return f"/pegawai/{city.people[who].pk}/{tail}/"


LEAVE = {"kind": "TAHUNAN", "first_day": "2026-06-01", "last_day": "2026-06-05", "reason": "Surat 850/1"}


def test_a_leave_is_added_corrected_ended_and_taken_back_and_nothing_is_lost(city: City, kept: dict[Register, Any]) -> None:
    hr, page = city.client("pengelola"), url(city, "pegawai", "x").removesuffix("x/")
    assert hr.post(f"{page}cuti/baru/", LEAVE)["Location"] == page
    row = Leave.objects.get(kind="TAHUNAN")
    assert row.valid == DateRange(dt.date(2026, 6, 1), dt.date(2026, 6, 6))
    assert hr.get(f"{page}cuti/{row.pk}/perbaiki/").status_code == 200
    assert hr.post(f"{page}cuti/{row.pk}/perbaiki/", {**LEAVE, "kind": "BESAR"}).status_code == 302
    better = Leave.objects.standing().get(kind="BESAR")
    assert (better.replaces_id, Leave.objects.get(pk=row.pk).voided_at) == (row.pk, NOW)
    assert hr.post(f"{page}cuti/{better.pk}/akhiri/", {"last_day": "2026-06-02", "reason": "Kembali bekerja"}).status_code == 302
    better.refresh_from_db()
    assert better.last_day == dt.date(2026, 6, 2)
    assert hr.post(f"{page}cuti/{better.pk}/batalkan/", {"reason": "Batal cuti"}).status_code == 302
    assert set(Leave.objects.values_list("kind", flat=True)) == {"SAKIT", "TAHUNAN", "BESAR"}
    actions = Event.objects.filter(action__startswith="employees.register.").order_by("id").values_list("action", "reason")
    assert [action.rpartition(".")[2] for action, _reason in actions] == ["added", "corrected", "ended", "voided"]
    assert all(reason for _action, reason in actions)
    assert hr.get(f"{page}cuti/{row.pk}/perbaiki/").status_code == 404, "what was replaced is not corrected again"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"first_day": "2026-05-06"}, "sudah tercatat cuti"),
        ({"last_day": "2026-05-31"}, "tidak boleh sebelum"),
        ({"last_day": ""}, "Isi tanggalnya"),
        ({"first_day": "31/02/2026"}, "tanggal"),
        ({"kind": "LIBUR"}, "kind"),
        ({"reason": ""}, "Tulis alasannya"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_a_sentence_and_nothing_is_written(
    city: City, kept: dict[Register, Any], wrong: dict[str, str], sentence: str
) -> None:
    answer = city.client("bkpsdm").post(url(city, "pegawai", "cuti/baru"), {**LEAVE, **wrong})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert Leave.objects.count() == 1


def test_a_new_account_ends_the_one_before_it(city: City, kept: dict[Register, Any]) -> None:
    sent = {"bank": "BRI", "number": "123456789012345", "holder": "Ahmad", "first_day": "2026-06-01", "reason": "Permohonan"}
    assert city.client("bkpsdm").post(url(city, "pegawai", "rekening/baru"), sent).status_code == 302
    old, new = BankAccount.objects.order_by("id")
    assert (old.last_day, new.valid) == (dt.date(2026, 5, 31), DateRange(dt.date(2026, 6, 1), None))


def test_the_form_of_a_closed_row_shows_nothing_of_its_detail(city: City, kept: dict[Register, Any]) -> None:
    for register, details in DETAIL_WORDS.items():
        page = city.client("bkpsdm").get(url(city, "pegawai", f"{register.value}/{kept[register].pk}/perbaiki")).content.decode()
        assert "Rincian lama tertutup" in page
        assert not [words for words in details if f'value="{words}"' in page.replace('<option value="K/2">', "") or f"{words}</p>" in page]
        assert " selected>" not in page.replace('<option value="" selected>', "")


@pytest.mark.parametrize(
    ("who", "whose"),
    [("pegawai", "pegawai"), ("bkpsdm", "bkpsdm"), ("pengelola", "pengelola"), ("penilai", "pegawai"), ("inspektorat", "pegawai")],
)
def test_nobody_writes_his_own_and_who_only_reads_writes_nothing(city: City, kept: dict[Register, Any], who: str, whose: str) -> None:
    assert city.client(who).post(url(city, whose, "cuti/baru"), LEAVE).status_code == 403
    assert Leave.objects.count() == 1


def test_the_pengelola_writes_neither_punishments_nor_accounts_nor_tax(city: City, kept: dict[Register, Any]) -> None:
    for register in ("disiplin", "rekening", "pajak"):
        assert city.client("pengelola").get(url(city, "pegawai", f"{register}/baru")).status_code == 403
        assert city.client("bkpsdm").get(url(city, "pegawai", f"{register}/baru")).status_code == 200


# --- the list


def test_hr_finds_people_by_name_nip_and_unit_within_reach(city: City) -> None:
    def found(who: str, **asked: str) -> set[str]:
        page = city.client(who).post("/pegawai/", asked)
        return {row["person"].name for row in page.context["rows"]}

    assert found("bkpsdm", cari="bodi mardi") == {"Mardiana Bodi"}
    assert found("bkpsdm", cari=city.people["luar"].nip or "") == {"Mardiana Bodi"}
    assert found("pengelola", cari="mardiana") == set()
    assert found("bkpsdm", unit="DINKES") == {"Mardiana Bodi", "Nurhayati Caniago"}
    assert len(found("pengelola")) == 16
    assert city.client("pengelola").get("/pegawai/", {"unit": "DINKES"}).status_code == 404
    assert "Tidak ada pegawai yang cocok" in city.client("bkpsdm").post("/pegawai/", {"cari": "xyz"}).content.decode()


def test_neither_the_list_nor_a_page_asks_more_of_the_database_for_more_people_or_rows(city: City, kept: dict[Register, Any]) -> None:
    hr, person = city.client("bkpsdm"), city.people["pegawai"]
    pages = ("/pegawai/", f"/pegawai/{person.pk}/")

    def queries() -> list[int]:
        counts = []
        for page in pages:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert hr.get(page).status_code == 200
            counts.append(len(asked))
        return counts

    queries()  # what is read once and remembered
    before = queries()
    city.add_staff(120)
    for n in range(20):
        Education.objects.create(employee=person, level="SD", school=f"SD {n}", graduated=2000, recorded_at=NOW)
    after = queries()
    assert after == before
    assert before[0] <= 12
    assert before[1] <= 20
