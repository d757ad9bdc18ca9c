"""Service types and their standards of the first day. Safe to repeat: rows that exist stay as HR made them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from appraisal.incentives.models import ServiceStandard, ServiceType
from employees.services.reference import allow_city_hr

#: The type of every case whose log names no type that is known.
DEFAULT_TYPE = "DEFAULT"
#: First day of the loaded calendar, so that old logs are read by a standard as well.
FIRST_DAY = dt.date(2003, 1, 1)

# code, name, technical OPD, working days (None: nothing promised), whether the days await confirmation
_TYPES: tuple[tuple[str, str, str, int | None, bool], ...] = (
    ("PBG", "Persetujuan Bangunan Gedung", "DPUPR", 28, False),
    ("SLF", "Sertifikat Laik Fungsi", "DPUPR", 3, True),
    ("IMB", "Izin Mendirikan Bangunan (lama)", "DPUPR", None, False),
    ("SIP-DR", "Surat Izin Praktik dokter", "Dinas Kesehatan", 5, True),
    ("SIP-DRG", "Surat Izin Praktik dokter gigi", "Dinas Kesehatan", 5, True),
    ("SIP-NAKES", "Surat Izin Praktik tenaga kesehatan", "Dinas Kesehatan", 5, True),
    ("REKLAME", "Izin penyelenggaraan reklame", "DPUPR, Badan Keuangan", 5, True),
    ("SKP-PENELITIAN", "Surat keterangan penelitian", "Kesbangpol", 3, True),
    ("TRAYEK", "Izin trayek/penyelenggaraan angkutan", "Dinas Perhubungan", 7, True),
    ("KKPR", "Kesesuaian kegiatan pemanfaatan ruang", "DPUPR, Forum Penataan Ruang", 20, True),
    ("PL", "Persetujuan lingkungan (UKL-UPL)", "Dinas Lingkungan Hidup", 10, True),
    ("NIB", "Nomor Induk Berusaha, risiko rendah (otomatis)", "", 0, True),
    ("PENDIDIKAN", "Izin operasional PAUD/LKP", "Dinas Pendidikan dan Kebudayaan", 10, True),
    (DEFAULT_TYPE, "Layanan lain", "", 7, True),
)

CITY_HR_RIGHTS = (
    *(f"{verb}_servicetype" for verb in ("view", "add", "change")),
    *(f"{verb}_eventsource" for verb in ("view", "add")),
    *(f"{verb}_accountalias" for verb in ("view", "add")),
    *(f"view_{model}" for model in ("servicestandard", "eventconflict", "servicecase", "serviceevent")),
)


@transaction.atomic
def load_reference() -> None:
    """Fill the missing types; a type that has any standard keeps the ones it has."""
    ServiceType.objects.bulk_create(
        [ServiceType(code=code, name=name, technical_agency=agency) for code, name, agency, _days, _confirm in _TYPES],
        ignore_conflicts=True,
    )
    bare = dict(ServiceType.objects.filter(standards=None).values_list("code", "id"))
    ServiceStandard.objects.bulk_create(
        [
            ServiceStandard(
                code=f"standar-{code.casefold()}-1",
                service_type_id=bare[code],
                workdays=days,
                valid=DateRange(FIRST_DAY, None),
                reason=_("Standar awal; berlaku sejak hari pertama kalender yang dimuat."),
                to_confirm=["workdays", "cut_off"] if confirm else ["cut_off"],
            )
            for code, _name, _agency, days, confirm in _TYPES
            if days is not None and code in bare
        ]
    )
    allow_city_hr([("incentives", codename) for codename in CITY_HR_RIGHTS])
