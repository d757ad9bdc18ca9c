"""Texts that would run: as a script on a page, as a template, as a format; on the pages of memory as well."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import Error, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Cast, Concat

from bukittinggi_kinerja.common.models import Event
from tests.architecture.code import APPS, COMMON
from tests.rights import web
from tests.rights.conftest import address_of, signed_in
from tests.rights.reading import ROLES, Line, lines_of
from tests.rights.test_admin import MODELS
from tests.rights.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("abuse-scripts")]

SCRIPT = "<script>alert(1)</script>"
EVIL = SCRIPT + "{{7|add:70}}%(x)s{0}\"'"
#: Words that decide something; a person does not write them.
MACHINE = {
    "path", "code", "digest", "sha256", "content_type", "password", "file", "key", "action", "subject_type", "subject_id", "period", "nip",
    "url", "username", "session_key", "kind", "state", "object_id", "name_key", "unit_key", "link", "email", "aspect", "behaviour",
}  # fmt: skip
#: What people write and others read; were one of them not poisoned, the walk would say nothing about it.
MUST = {
    "employees.Employee.name", "employees.OrgUnit.name", "employees.Position.title", "employees.RoleAssignment.reason",
    "employees.ActingAppointment.reason", "appraisal.WorkResult.title", "appraisal.Indicator.name", "appraisal.ProgressEntry.note",
    "appraisal.Evidence.title", "appraisal.Feedback.text", "appraisal.RatingExample.text", "appraisal.Assessment.note",
    "incentives.ServiceCase.case_id",
}  # fmt: skip
#: Models that HR of the city may look at.
KEPT = [label for label, answers in MODELS.items() if answers["list"] == 200]
READING = [line for line in lines_of(web.READING) if "berkas=" not in line.query and line.route != "/healthz"]


def poison() -> set[str]:
    """Put the text wherever a person could have put it; what the database refuses to change is left."""
    done = set()
    for model in apps.get_models():
        if model.__module__.partition(".models")[0] not in {*APPS, COMMON}:
            continue
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.CharField | models.TextField) or field.choices or field.name in MACHINE:
                continue
            if field.max_length is not None and field.max_length < 60:
                continue
            own = Concat(Value(EVIL), Cast(F("pk"), models.TextField()))
            try:
                with transaction.atomic():
                    model._base_manager.update(**{field.name: own})
            except Error:
                continue
            done.add(f"{model._meta.app_label}.{model.__name__}.{field.name}")
    return done


@pytest.fixture(scope="module")
def poisoned(world: World) -> set[str]:
    done = poison()
    for label in ("employees.employee", "appraisal.assessment", "employees.orgunit"):
        Event.objects.create(
            at=world.row_of("common.event").at, action="employees.probe", subject_type=label, subject_id=str(world.row_of(label).pk),
            old={EVIL: EVIL}, new={"nama": EVIL}, reason=EVIL,
        )  # fmt: skip
    return done


def test_what_people_write_is_poisoned_in_earnest(poisoned: set[str]) -> None:
    assert MUST - poisoned == set()


@pytest.mark.parametrize("line", READING, ids=str)
def test_no_text_of_a_person_runs_on_a_page(world: World, poisoned: set[str], line: Line) -> None:
    shown = 0
    for role in ROLES:
        answer = signed_in(world, role).get(address_of(world, line))
        assert answer.status_code == line.expected[role], role
        if not answer.streaming:
            text = answer.content.decode(errors="replace")  # a sheet is no page
            assert SCRIPT not in text
            assert "77%(x)s" not in text
            shown += "&lt;script&gt;alert" in text
    assert shown or line.route in QUIET


#: Pages without a word that anybody wrote, those that only send on, and those that take a sending alone.
QUIET = {
    "/healthz", "/masuk/", "/keluar/", "/sesi/", "/setelan/", "/pemberitahuan/", "/kinerja/umpan-balik/<int:feedback_id>/tanggapan/",
    "/kinerja/umpan-balik/<int:feedback_id>/dilihat/", "/kinerja/umpan-balik/<int:feedback_id>/tarik/", "/tim/nilai/",
    "/tim/nilai/<int:assessment_id>/contoh/", "/kendali/ingatkan/", "/kinerja/bukti/<int:evidence_id>/",
    "/masuk/aktivasi/", "/masuk/kode/", "/profil/keluar-semua/", "/profil/token/<int:token_id>/", "/pegawai/<int:employee_id>/buka/",
    "/akun/slip/", "/akun/permintaan/<int:request_id>/", "/kendali/batas/<int:change_id>/cabut/", "/kendali/naikkan/",
    "/impor/<slug:code>/contoh/", "/impor/<int:batch_id>/terapkan/", "/impor/<int:batch_id>/urungkan/", "/kendali/susulan/usulkan/",
    "/kendali/susulan/usulan/<int:proposal_id>/setujui/", "/kendali/susulan/usulan/<int:proposal_id>/tarik/",
    "/kendali/susulan/usulan/<int:proposal_id>/pisahkan/", "/kendali/susulan/usulan/<int:proposal_id>/pulihkan/",
    "/serah-terima/atasan/<int:posting_id>/", "/pengganti/<int:appointment_id>/cabut/", "/pengganti/<int:appointment_id>/surat/",
    "/pegawai/<int:employee_id>/akhir/batal/", "/laporan-data/<int:report_id>/betul/",
    "/pekerjaan/<int:job_id>/batal/",
}  # fmt: skip


def pages_of_hr(world: World) -> Iterator[str]:
    for label in KEPT:
        place = f"/admin/{label.replace('.', '/')}/"
        number = world.row_of(label).pk
        yield from (place, f"{place}{number}/change/", f"{place}{number}/history/")


def test_no_text_of_a_person_runs_in_the_admin_or_its_memory(world: World, poisoned: set[str]) -> None:
    shown, browser = 0, signed_in(world, "bkpsdm")
    for page in pages_of_hr(world):
        answer = browser.get(page)
        assert answer.status_code == 200, page
        text = answer.content.decode()
        assert SCRIPT not in text, page
        assert "77%(x)s" not in text, page
        shown += "&lt;script&gt;alert" in text
    assert shown > 40


def test_the_screen_of_the_memory_shows_what_was_written_as_text(world: World, poisoned: set[str]) -> None:
    browser, person = signed_in(world, "bkpsdm"), world.row_of("employees.employee")
    event = Event.objects.filter(action="employees.probe").earliest("id")
    for page in (f"/admin/common/event/{event.pk}/change/", f"/admin/employees/employee/{person.pk}/history/", "/admin/common/event/"):
        text = browser.get(page).content.decode()
        assert "&lt;script&gt;alert(1)" in text, page
        assert SCRIPT not in text, page
