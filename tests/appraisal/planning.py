"""Plans and cycles for tests of the month: October 2026 is open, its progress is due on 4 November."""

import datetime as dt
import io
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange
from PIL import Image

from appraisal.models import AppraisalPolicy, Assessment, Cycle, Indicator, PerformancePlan, PeriodTarget, WorkResult
from appraisal.rules.targets import Target, YearlyTarget, spread
from appraisal.rules.vocabulary import Accumulation, TargetForm
from appraisal.services.reference import load_reference
from bukittinggi_kinerja.common.period import JAKARTA, Period, end_of_day
from employees.models import Employee, Posting
from tests.people import City

NOW = dt.datetime(2026, 10, 20, 9, 0, tzinfo=JAKARTA)
OCTOBER = "2026-10"


def make_policy() -> AppraisalPolicy:
    load_reference()
    return AppraisalPolicy.objects.get(code="aturan-2025")


def make_cycle(city: City, period: str = OCTOBER, **values: object) -> Cycle:
    span = Period.parse(period)
    return Cycle.objects.create(
        **{
            "period": span.key,
            "kind": span.kind.value,
            "group": city.group,
            "policy": make_policy(),
            "start": span.start,
            "end": span.end,
            "progress_due": end_of_day(span.end + dt.timedelta(days=3)),
            "rating_due": end_of_day(span.end + dt.timedelta(days=7)),
            **values,
        }
    )


def make_plan(
    who: Employee, *, state: str = "DITETAPKAN", start: dt.date = dt.date(2026, 1, 1), end: dt.date = dt.date(2027, 1, 1)
) -> PerformancePlan:
    posting = Posting.objects.in_force(on=start).get(employee=who)
    signed = NOW if state in {"DITETAPKAN", "REVISI", "DITUTUP"} else None
    return PerformancePlan.objects.create(
        employee=who,
        unit=posting.unit,
        position=posting.position,
        posting=posting,
        assessor=posting.supervisor,
        year=start.year,
        valid=DateRange(start, end),
        state=state,
        signed_by_employee_at=signed,
        signed_by_assessor_at=signed,
    )


def make_result(plan: PerformancePlan, title: str = "Izin terbit tepat waktu", **values: object) -> WorkResult:
    return WorkResult.objects.create(plan=plan, title=title, **values)


def make_indicator(plan: PerformancePlan, *, name: str = "Berkas selesai", target: str | None = "120", **values: object) -> Indicator:
    result = plan.work_results.first() or make_result(plan)
    indicator = Indicator.objects.create(
        **{
            "work_result": result,
            "plan": plan,
            "name": name,
            "aspect": "KUANTITAS",
            "unit_name": "berkas",
            "target": Decimal(target) if target is not None else None,
            **values,
        }
    )
    yearly = YearlyTarget(
        TargetForm(indicator.form),
        Accumulation(indicator.accumulation),
        Target(indicator.target, indicator.target_max, indicator.target_date),
    )
    PeriodTarget.objects.bulk_create(
        PeriodTarget(
            indicator=indicator,
            period=period.key,
            start=period.start,
            end=period.end,
            target=share.value,
            target_max=share.maximum,
            target_date=share.date,
        )
        for period, share in spread(yearly, Period.parse(str(plan.year)).months()).items()
    )
    return indicator


def make_case(cycle: Cycle, plan: PerformancePlan, **values: object) -> Assessment:
    return Assessment.objects.create(
        **{
            "cycle": cycle,
            "stretch_start": cycle.start,
            "stretch_end": cycle.end,
            "plan": plan,
            "employee": plan.employee,
            "unit": plan.unit,
            "assessor": plan.assessor,
            **values,
        }
    )


RATED = {"state": "DINILAI", "result_rating": 2, "behaviour_rating": 2}


def pdf(name: str = "rekap.pdf", body: bytes = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body, content_type="application/pdf")


def photo(name: str = "foto.jpg", size: tuple[int, int] = (40, 30), **exif: str) -> SimpleUploadedFile:
    """A JPEG as a phone makes it: turned by a tag, with the place where it was taken."""
    image = Image.new("RGB", size, (200, 30, 30))
    tags = image.getexif()
    tags[0x0112] = 6
    tags[0x010F] = "Telepon Rahasia"
    tags.get_ifd(0x8825)[2] = (0.0, 18.0, 20.0)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=tags, comment=b"lokasi rumah")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")
