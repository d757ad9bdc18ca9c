"""One city for a whole table: people, a closed September and an October that is being rated, permits, and rows for every list.

Nothing that a call does stays: the tests take back each call by itself.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model
from django.test import Client
from django.utils.timezone import localtime

from appraisal.incentives.models import AccountAlias, EventConflict, EventSource, ServiceCase, ServiceEvent
from appraisal.incentives.services.intake import take_events
from appraisal.incentives.services.reference import load_reference as load_services
from appraisal.models import (
    Assessment,
    DeadlineChange,
    Evidence,
    Feedback,
    ImportedResult,
    PerformancePlan,
    PeriodTarget,
    PlanTemplate,
    ProgressEntry,
    Recomputation,
    RecomputationItem,
    ResultSource,
    ServiceOutage,
)
from appraisal.rules.lifecycle import CycleState
from appraisal.services.cases import ensure_assessments
from appraisal.services.cycles import move_cycle, open_cycle
from bukittinggi_kinerja.common.models import ColumnMapping, ImportBatch, Job
from bukittinggi_kinerja.common.period import JAKARTA, Period
from bukittinggi_kinerja.common.seal import seal_new
from employees.models import (
    AccessToken,
    ActingAppointment,
    AllowanceBase,
    BankAccount,
    ContractTerm,
    DataReport,
    Discipline,
    Education,
    JobClass,
    Leave,
    OfficialTravel,
    Posting,
    ResetRequest,
    RoleAssignment,
    ServiceEnd,
    TaxCategory,
    UnitSuccession,
    User,
)
from employees.rules.importing import COLUMNS
from employees.services.tokens import issue_token
from tests.appraisal.incentives.logs import LogRow, issued, mapping
from tests.appraisal.month import IN_OCTOBER, IN_WINDOW, Month, build_month, enter, plan_for
from tests.people import City, build_city

from .reading import ROLES

SEPTEMBER = Period.parse("2026-09")
NEXT_WEEK = dt.datetime(2026, 11, 10, 23, 59, tzinfo=JAKARTA)
PAPER_OF_A_MOVE = {"reason": "Pusat data padam", "letter": "menyusul", "langkah": "tetapkan"}
PAPER = b"%PDF-1.4 rekap"
NEXT_YEAR = DateRange(dt.date(2027, 1, 1), dt.date(2028, 1, 1))
#: What a role may have at most: writing is asked of the service, not of the scope.
SCOPES = ("read:people", "read:reports", "write:progress", "write:events")


@dataclass
class World:
    city: City
    #: Numbers of the addresses by the name of the object in the tables.
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def lay_files(self, folder: Path) -> None:
        """Uploads go to a folder of each test; the evidence of this world must lie there too."""
        for name in Evidence.objects.exclude(file="").values_list("file", flat=True):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(PAPER)

    def add(self, name: str, **numbers: Any) -> None:
        self.things.setdefault(name, {}).update(numbers)

    def row_of(self, label: str) -> Model:
        """The oldest row of a model that its list shows."""
        published = {"assessment__published_at__isnull": False} if label == "appraisal.score" else {}
        found = apps.get_model(label)._default_manager.filter(**published).order_by("pk").first()
        assert found is not None, f"{label} has no row"
        return found


def build_world() -> World:
    """October is being rated: call under a clock that stands in its window."""
    world = World(build_city())
    month = build_month(world.city)
    _add_people(world)
    _add_cases(world, month)
    _add_permits(world)
    for role in ROLES[1:]:
        world.browsers[role] = world.city.client(role)
        world.tokens[role] = issue_token(user=world.city.users[role], scopes=SCOPES, days=1, now=IN_WINDOW)[1]
    world.browsers["anonim"] = Client()
    _add_records(world)
    _add_imports(world)
    _add_proposals(world)
    return world


def _add_imports(world: World) -> None:
    """A file of HR, and one of somebody else."""
    world.add("pegawai", code="pegawai")
    for name in ("bkpsdm", "rekan"):
        batch = ImportBatch.objects.create(
            kind="pegawai", owner=world.city.users[name if name == "bkpsdm" else "luar"].pk, name="daftar.csv", created_at=IN_WINDOW, rows=1,
            file=f"impor/{name}", header=list(COLUMNS), mapping={column: place for place, column in enumerate(COLUMNS)},
        )  # fmt: skip
        world.add(name, batch_id=batch.pk)
    for name in ("bkpsdm", "luar"):
        job = Job.objects.create(key=f"uji:{name}", kind="impor", owner=world.city.users[name].pk, created_at=IN_WINDOW)
        world.add(f"job {name}", pk=job.pk)


def _add_people(world: World) -> None:
    city = world.city
    city.people["rekan"] = city.staff[1]
    for name in ("pegawai", "rekan", "penilai", "dpmptsp", "luar"):
        world.add(name, employee_id=city.people[name].pk, pk=city.people[name].pk)
    for plan in (plan_for(city, city.people["luar"]), plan_for(city, city.people["penilai"])):
        enter(plan, "Berkas selesai", 5)
    draft = plan_for(city, city.people["pegawai"], valid=NEXT_YEAR)
    PerformancePlan.objects.filter(pk=draft.pk).update(
        year=2027, state="DRAF", signed_by_employee_at=None, signed_by_assessor_at=None, posting=draft.posting
    )
    for name in ("pegawai", "rekan", "luar"):
        _add_plan(world, name, PerformancePlan.objects.get(employee=city.people[name], year=2026))
    _add_plan(world, "pegawai draf", PerformancePlan.objects.get(pk=draft.pk))
    parts = world.things["luar"]
    world.add("mixed", **{**world.things["pegawai draf"], "result_id": parts["result_id"], "indicator_id": parts["indicator_id"]})


def _add_plan(world: World, name: str, plan: PerformancePlan) -> None:
    """A plan with its first result, indicator and figure, and the evidence of that figure."""
    indicator = plan.indicators.order_by("order").first()
    world.add(name, plan_id=plan.pk, result_id=indicator.work_result_id, indicator_id=indicator.pk, period="2026-10")
    world.add(f"plan {name}", pk=plan.pk)
    entry = ProgressEntry.objects.filter(target__in=PeriodTarget.objects.filter(indicator=indicator), employee=plan.employee).first()
    if entry is None or plan.year != 2026:
        return
    world.add(name, entry_id=entry.pk, evidence_id=_paper(entry, f"{name}.pdf").pk)
    world.add(f"entry {name}", pk=entry.pk)
    world.add(f"{name} rahasia", evidence_id=_paper(entry, f"{name}-rahasia.pdf", sensitive=True).pk)


def _paper(entry: ProgressEntry, title: str, *, sensitive: bool = False) -> Evidence:
    return Evidence.objects.create(
        entry=entry, kind="BERKAS", title=title, file=f"bukti/{title}", sha256=hashlib.sha256(title.encode()).hexdigest(),
        content_type="application/pdf", size=len(PAPER), sensitive=sensitive, uploaded_at=IN_OCTOBER,
    )  # fmt: skip


def _add_cases(world: World, october: Month) -> None:
    city = world.city
    september = Month(city, open_cycle(group=city.group, period=SEPTEMBER, now=IN_OCTOBER))
    for month in (october, september):
        ensure_assessments(cycle=month.cycle, now=IN_OCTOBER)
    for name in ("pegawai", "rekan", "luar"):
        Assessment.objects.filter(pk=september.rate(city.people[name]).pk, employee=city.people["luar"]).update(
            rated_by=city.people["kadinkes"]
        )
    september.publish(now=dt.datetime(2026, 10, 16, 9, 0, tzinfo=JAKARTA))
    october.rate(city.people["pegawai"], result=3)
    move_cycle(cycle=october.cycle, to=CycleState.RATING, actor=None, now=IN_WINDOW)
    world.add("october", pk=october.cycle.pk)
    for name, month, state in (
        ("pegawai", october, "dinilai"), ("penilai", october, "draf"), ("luar", october, "draf"),
        ("rekan", september, "perbaikan"), ("staf2", september, "belum"),
        ("pegawai", september, "terbit"), ("rekan", september, "terbit"), ("luar", september, "terbit"),
    ):  # fmt: skip
        case = month.case(city.people.get(name) or city.staff[2])
        world.add(f"{name} {state}", assessment_id=case.pk, revision=case.revision)
        world.add(f"case {name} {state}", pk=case.pk)


def _add_permits(world: World) -> None:
    city = world.city
    load_services()
    rows = [
        *issued("503/1", "2026-09-01 09:00:00", "2026-09-05 09:00:00", responsible="a"),
        *issued("503/2", "2026-09-01 09:00:00", "2026-09-05 09:00:00", responsible="b"),
    ]
    take_events(mapping=mapping(), rows=[LogRow(n, row) for n, row in enumerate(rows, 2)], actor=None, now=IN_OCTOBER)
    EventSource.objects.update(owner=city.units["DPMPTSP"])
    EventSource.objects.create(code="kesehatan", mapping=mapping().as_stored(), owner=city.units["DINKES"])
    world.add("source luar", source="kesehatan")
    for number, name in (("503/1", "pegawai"), ("503/2", "rekan")):
        ServiceCase.objects.filter(case_id=number).update(responsible=city.people[name])
        case = ServiceCase.objects.get(case_id=number)
        world.add(name, case_id=case.pk)
        world.add(f"permit {name}", pk=case.pk)


def _add_records(world: World) -> None:
    """At least one row in every list of the admin, and the things that only one door knows."""
    city = world.city
    for name, author in (("pegawai", "penilai"), ("luar", "kadinkes")):
        note = Feedback.objects.create(
            employee=city.people[name], author=city.people[author], source="PIMPINAN", behaviour="BP", tone="APRESIASI",
            happened_on=IN_WINDOW.date(), text="Antrean pagi tertata", created_at=IN_WINDOW,
        )  # fmt: skip
        world.add(name, feedback_id=note.pk)
    source = EventSource.objects.get(code="simpel")
    AccountAlias.objects.create(source=source, account="loket", employee=city.people["luar"], valid=DateRange(dt.date(2026, 1, 1), None))
    event = ServiceEvent.objects.order_by("pk").first()
    EventConflict.objects.create(source=source, key=event.key, digest="f" * 64, case_id="503/1", content={}, noticed_at=IN_WINDOW)
    mandate = ActingAppointment.objects.create(
        principal=city.people["kadinkes"], substitute=city.people["pimpinan"], kind="PLH", reason="Cuti",
        letter_due=dt.date(2026, 1, 12), valid=DateRange(dt.date(2026, 1, 5), dt.date(2026, 1, 10)),
    )  # fmt: skip
    world.add("mandat", appointment_id=mandate.pk)
    _add_moves(world)
    UnitSuccession.objects.create(
        predecessor=city.units["DINKES"], successor=city.units["DINKES.YAN"], kind="PECAH", on=dt.date(2026, 1, 1)
    )
    for name in ("pegawai", "luar"):
        world.add(name, user_id=city.users[name].pk, unit=city.units["DPMPTSP" if name == "pegawai" else "DINKES"].pk)
    # Of one OPD with the pengelola, and a pengelola himself.
    world.add("istimewa", user_id=_special(city).pk)
    world.add("pegawai", token_id=AccessToken.objects.get(user=city.users["pegawai"]).pk)
    asked = ResetRequest.objects.create(
        user=city.users["pegawai"], kind="KATA_SANDI", reason="Lupa", requested_by=city.users["dpmptsp"], requested_at=IN_WINDOW
    )
    world.add("pegawai", request_id=asked.pk)
    for failed in (AccessAttempt(failures_since_start=1), AccessLog(), AccessFailureLog()):
        failed.username, failed.ip_address = "seseorang", "192.0.2.1"
        failed.save()
    _add_registers(world)
    _add_rules(city)
    world.add("unit luar", pk=city.units["DINKES"].pk)
    world.add("nobody", assessment_id=2**40, job_id=2**40, change_id=2**40)
    world.add("closing", job_id=Job.objects.order_by("pk").values_list("pk", flat=True)[0])
    moved = DeadlineChange.objects.create(
        period="2026-10", what="PENILAIAN", scope="PEGAWAI", employee=world.city.people["luar"], kind="PERPANJANGAN", new_due=NEXT_WEEK,
        until=NEXT_WEEK, reason="Sakit", letter="menyusul", decided_by=world.city.users["bkpsdm"], decided_at=IN_OCTOBER,
    )  # fmt: skip
    world.add("moved", change_id=moved.pk)
    for name, code in (("seksi", "DPMPTSP.IZIN.YAN"), ("dinas", "DPMPTSP"), ("dinkes", "DINKES")):
        world.add(name, unit_id=city.units[code].pk)
    _add_paper_entry(world)
    world.add("nobody", assessment_id=2**40)
    world.add("nobody", assessment_id=2**40, code="tidak-ada")
    world.add("nothing", rest="tidak-ada/", url="tidak-ada/")
    world.add("shortcut", content_type_id=2**20, object_id=1)
    world.add("employees", app_label="employees")
    world.add("auth", app_label="auth")
    seal_new(now=IN_WINDOW)


def _add_rules(city: City) -> None:
    """An outage, a template, whose results are official, and how headers were understood."""
    start = IN_OCTOBER
    ServiceOutage.objects.create(
        start=start,
        end=start + dt.timedelta(hours=2),
        reason="Listrik padam",
        letter="menyusul",
        decided_by=city.users["bkpsdm"],
        decided_at=start,
    )
    post = Posting.objects.order_by("pk").first()
    PlanTemplate.objects.create(
        position=post.position, year=2026, content=[{"kind": "UTAMA", "title": "Berkas selesai", "indicators": []}], made_at=start
    )
    ResultSource.objects.create(
        code="sumber-uji", group=post.position.group, source="LOKAL", valid=DateRange(dt.date(2026, 1, 1), None), reason="Uji"
    )
    ColumnMapping.objects.create(kind="pegawai", fingerprint="f" * 64, mapping={})


def _add_paper_entry(world: World) -> None:
    """A figure that the pengelola typed for one of the twelve, and a result of his from elsewhere."""
    person = world.city.people["pegawai"]
    typed = ProgressEntry.objects.filter(employee=person).order_by("pk").first()
    assert typed is not None
    entry = ProgressEntry.objects.create(
        target=typed.target, employee=person, value=1, source="KERTAS", entered_by=world.city.users["pengelola"].pk, entered_at=IN_OCTOBER,
        dispute_until=IN_WINDOW.date(),
    )  # fmt: skip
    world.add("pegawai kertas", entry_id=entry.pk)
    ImportedResult.objects.create(
        employee=person, period="2026-09", start=dt.date(2026, 9, 1), end=dt.date(2026, 10, 1), predicate=5, source="BKN", imported_at=IN_WINDOW
    )  # fmt: skip


def _special(city: City) -> User:
    user = city.users["staf9"]
    RoleAssignment.objects.create(user=user, role="PENGELOLA", unit=city.units["DPMPTSP.IZIN"], valid=DateRange(dt.date(2026, 1, 1), None))
    return user


def _add_moves(world: World) -> None:
    """An end of service to come, a contract, a report of wrong data, and a post to be given a superior."""
    city = world.city
    nothing: dict[str, Any] = {"made": [], "closed": [], "mandates": [], "roles": [], "status": "AKTIF", "active": True}
    ServiceEnd.objects.create(
        employee=city.staff[9], kind="PENSIUN_BUP", last_day=dt.date(2027, 1, 31), reason="Batas usia", laid=nothing, recorded_at=IN_WINDOW
    )
    world.add("berakhir", employee_id=city.staff[9].pk)
    ContractTerm.objects.create(employee=city.people["luar"], valid=NEXT_YEAR, number="814/1")
    report = DataReport.objects.create(
        number="LD-2026-0001", employee=city.people["pegawai"], unit=city.units["DPMPTSP.IZIN.YAN"], subject="ATASAN", text="Keliru",
        created_at=IN_WINDOW, due_on=dt.date(2026, 11, 10),
    )  # fmt: skip
    world.add("laporan", report_id=report.pk)
    world.add("penempatan", posting_id=Posting.objects.known().get(employee=city.people["pegawai"]).pk)


def _add_registers(world: World) -> None:
    """One row of each register; those of people are of ``pegawai``."""
    days, since = DateRange(dt.date(2026, 5, 4), dt.date(2026, 5, 9)), DateRange(dt.date(2026, 1, 1), None)
    own: dict[str, Any] = {"employee": world.city.people["pegawai"], "recorded_at": IN_OCTOBER}
    post = {"position": world.city.positions["Pengelola Perizinan", "PELAKSANA"], "recorded_at": IN_OCTOBER}
    rows = [
        Leave(kind="SAKIT", valid=days, **own),
        OfficialTravel(destination="Padang", valid=DateRange(dt.date(2026, 6, 1), dt.date(2026, 6, 3)), **own),
        Discipline(kind="POTONG_6", valid=days, letter_number="862/1", **own),
        Education(level="S1", school="Universitas Andalas", graduated=2012, **own),
        BankAccount(bank="Bank Nagari", number="9081726354", holder="Ahmad", valid=since, **own),
        TaxCategory(status="K/1", valid=since, **own),
        JobClass(job_class=6, valid=since, **post),
        AllowanceBase(job_class=6, amount=1_464_000, letter_number="188/1", valid=since, recorded_at=IN_OCTOBER),
    ]
    for row in rows:
        row.save()
    world.add("pegawai cuti", **world.things["pegawai"], register="cuti", record_id=rows[0].pk)
    world.add("pegawai rekening", **world.things["pegawai"], register="rekening", record_id=rows[4].pk)


def _add_proposals(world: World) -> None:
    """One that waits for approval, and one that is applied; somebody proposed them who is no other role of the tables."""
    by = world.city.users["staf5"]
    for name, of, state in (("usulan", "rekan", "DIAJUKAN"), ("usulan diterapkan", "luar", "DITERAPKAN")):
        case = Assessment.objects.get(pk=world.things[f"case {of} terbit"]["pk"])
        decided = {"decided_by": world.city.users["staf6"], "decided_at": IN_WINDOW} if state == "DITERAPKAN" else {}
        proposal = Recomputation.objects.create(
            cause="PEMULIHAN", state=state, reason="SK dibatalkan", proposed_by=by, proposed_at=IN_WINDOW, **decided
        )
        RecomputationItem.objects.create(
            proposal=proposal, cycle_id=case.cycle_id, employee_id=case.employee_id, assessment=case, act="PULIHKAN",
            made=case if decided else None,
        )  # fmt: skip
        world.add(name, proposal_id=proposal.pk)


def _version_of(thing: str) -> Mapping[str, str]:
    """What a form of a closed month sends beside the marks."""
    if thing.endswith("belum"):
        return {"terlambat": "1", "why": "Penilai dirawat", "n-result": "2", "n-behaviour": "2"}
    if thing.endswith("perbaikan"):
        return {"perbaiki": "1", "why": "Salah ketik", "note": "Teruskan"}
    return {}


def _leave_of(day: str) -> Mapping[str, str]:
    return {"kind": "TAHUNAN", "first_day": day, "last_day": day, "reason": "Surat 850/1"}


def body_of(world: World, route: str, thing: str) -> Mapping[str, Any]:
    """What a person sends who means it: complete, so that only his rights decide."""
    numbers = world.things.get(thing, {})
    plan = PerformancePlan.objects.filter(pk=numbers.get("plan_id")).first()
    marks = {"assessment": numbers.get("assessment_id"), "changes": {"ak": 3}, "revision": numbers.get("revision")}
    figure = {"kunci": "7b0c7c52-4c0e-4b7e-9a53-0d6f1f0a7c11", "value": "7", "note": "Rekap pekan ini", "reason": "Salah hitung"}
    about = {"tone": "APRESIASI", "happened_on": localtime(IN_WINDOW).date().isoformat(), "about": "nilai:BP", "text": "Antrean tertata"}
    bodies: dict[str, Mapping[str, Any]] = {
        "/kinerja/realisasi/<int:indicator_id>/<str:period>/": figure,
        "/kinerja/realisasi/catatan/<int:entry_id>/": {**figure, "tarik": "1"},
        "/skp/siapkan/": {"unit": numbers.get("unit_id", ""), "tahun": "2027"},
        "/skp/templat/": {"skp": numbers.get("plan_id", ""), "reason": "SKP loket"},
        "/kinerja/realisasi/catatan/<int:entry_id>/persoalkan/": {"reason": "Bukan angka saya"},
        "/kendali/selisih/": {
            "group": world.city.group.pk,
            "source": "BKN",
            "valid_from": "2026-01-01",
            "decree_number": "800/1",
            "reason": "Satu sumber",
        },
        "/kinerja/skp/": {"penempatan": plan.posting_id if plan else ""},
        "/kinerja/skp/<int:plan_id>/": {"aksi": "ajukan", "version": plan.version if plan else ""},
        "/tim/skp/<int:plan_id>/": {"aksi": "tetapkan", "version": plan.version if plan else ""},
        "/kinerja/skp/<int:plan_id>/rhk/": {"kind": "TAMBAHAN", "title": "Tugas lain", "order": 2},
        "/kinerja/skp/<int:plan_id>/rhk/<int:result_id>/": {"kind": "TAMBAHAN", "title": "Tugas lain", "order": 2},
        "/kinerja/skp/<int:plan_id>/rhk/<int:result_id>/iki/": {"name": "Tanpa bobot"},
        "/kinerja/skp/<int:plan_id>/rhk/<int:result_id>/iki/<int:indicator_id>/": {"name": "Tanpa bobot"},
        "/kinerja/skp/<int:plan_id>/iki/<int:indicator_id>/target/": {"value:2027-01": "banyak"},
        "/tim/skp/<int:plan_id>/ekspektasi/": {"BP": "Antrean tertata"},
        "/tim/nilai/": marks,
        "/tim/nilai/<int:assessment_id>/": {"n-ak": "2", "revision": numbers.get("revision", ""), **_version_of(thing)},
        "/tim/nilai/<int:assessment_id>/contoh/": {
            "aspect": "AK",
            "text": "Menata antrean pada hari ramai",
            "revision": numbers.get("revision", ""),
        },
        "/tim/periksa/": {"id": numbers.get("assessment_id", ""), "periode": "2026-10"},
        "/tim/umpan-balik/<int:employee_id>/": about,
        "/kinerja/umpan-balik/<int:feedback_id>/tanggapan/": {"text": "Terima kasih"},
        "/kendali/ingatkan/": {"periode": "2026-10"},
        "/kendali/naikkan/": {"periode": "2026-10"},
        "/kendali/batas/": {**PAPER_OF_A_MOVE, "period": "2026-10", "what": "PENILAIAN", "scope": "KOTA", "day": "2026-11-10"},
        "/kendali/batas/<int:change_id>/cabut/": {"reason": "Surat ditarik"},
        "/kendali/gangguan/": {
            **PAPER_OF_A_MOVE,
            "start_day": "2026-11-02",
            "start_time": "18:00",
            "end": "2026-11-02",
            "end_time": "23:00",
        },
        "/profil/pengingat/": {"address": "pegawai@contoh.go.id"},
        "/impor/<slug:code>/": {"file": SimpleUploadedFile("daftar.csv", b"nip,nama\n1,x\n")},
        "/impor/<slug:code>/unduh/": {"file_format": "csv", "reason": "Rekonsiliasi"},
        "/impor/<int:batch_id>/kolom/": {f"kolom_{column}": str(place) for place, column in enumerate(COLUMNS)},
        "/impor/<int:batch_id>/terapkan/": {"reason": "SK"},
        "/impor/<int:batch_id>/urungkan/": {},
        "/kendali/susulan/usulkan/": {"jenis": "penempatan", "alasan": "SK menyusul"},
        "/kendali/susulan/usulan/<int:proposal_id>/pulihkan/": {"alasan": "SK keliru"},
        "/akun/slip/": {"unit": numbers.get("unit")},
        "/akun/<int:user_id>/": {"aksi": "kode", "diperiksa": "1"},
        "/akun/permintaan/<int:request_id>/": {"aksi": "setujui"},
        "/serah-terima/atasan/<int:posting_id>/": {"atasan": world.city.people["atasan"].pk},
        "/pengganti/": {"cari": "Darwis"},
        "/pengganti/untuk/<int:employee_id>/": {
            "substitute": world.city.staff[5].pk,
            "kind": "PLH",
            "valid_from": "2026-11-03",
            "valid_until": "2026-11-06",
            "letter_due": "2026-11-10",
            "reason": "Sakit",
        },
        "/pengganti/<int:appointment_id>/cabut/": {"reason": "Sudah masuk"},
        "/pengganti/<int:appointment_id>/surat/": {"letter_number": "090/1"},
        "/pegawai/<int:employee_id>/akhir/": {"kind": "PERMINTAAN", "last_day": "2026-11-30", "reason": "Surat permohonan"},
        "/pegawai/<int:employee_id>/akhir/batal/": {"reason": "Salah orang"},
        "/pensiun/": {"cari": "Darwis"},
        "/laporan-data/baru/": {"subject": "UNIT", "text": "Sejak Oktober di bidang lain"},
        "/laporan-data/<int:report_id>/": {"verdict": "terima", "answer": "Dibetulkan"},
        "/tim/nilai/<int:assessment_id>/dialog/": {"held_on": "2026-11-01", "summary": "Membahas antrean", "agreed": ""},
        "/tim/skp/<int:plan_id>/dialog/": {"held_on": "2026-11-01", "summary": "Membahas target", "agreed": "Magang di loket"},
        "/laporan-data/<int:report_id>/betul/": {"mending": "Atasan dicatat sejak Oktober"},
        "/pegawai/": {"cari": "ahmad"},
        "/pegawai/<int:employee_id>/buka/": {
            "daftar": numbers.get("register"),
            "catatan": numbers.get("record_id"),
            "reason": "Surat 700/1",
        },
        "/pegawai/<int:employee_id>/<str:register>/baru/": _leave_of("2026-07-01"),
        "/pegawai/<int:employee_id>/<str:register>/<int:record_id>/perbaiki/": _leave_of("2026-05-04"),
        "/pegawai/<int:employee_id>/<str:register>/<int:record_id>/akhiri/": {"last_day": "2026-05-05", "reason": "Surat 850/1"},
        "/pegawai/<int:employee_id>/<str:register>/<int:record_id>/batalkan/": {"reason": "Surat 850/1"},
        "/setelan/": {"tema": "gelap"},
        "/api/v1/progress/": {"indicator": numbers.get("indicator_id"), "period": "2026-10", "value": "7", "note": "Rekap"},
        "/api/v1/service-cases/events/": {
            "source": numbers.get("source", "simpel"),
            "events": [{"case_id": "503/9", "activity": "DITERIMA", "timestamp": "2026-10-12T10:15:00+07:00"}],
        },
    }
    return {name: value for name, value in bodies.get(route, {}).items() if value is not None}
