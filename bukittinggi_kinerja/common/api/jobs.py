"""``jobs/{id}/``: a long job, for who started it and for HR of the city."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models import Job

from .fields import Moment, Number, Row, Text
from .views import DetailView


class JobRow(Row):
    id = Number()
    kind = Text()
    state = Text(help_text=_("ANTRE, BERJALAN, SELESAI, GAGAL, atau BATAL."))
    done = Number()
    total = Number()
    message = Text()
    link = Text(source="detail.link", default="", help_text=_("Alamat layar hasilnya; kosong bila tidak ada."))
    error_file = Text(source="detail.errors", default="", help_text=_("Alamat berkas galatnya; kosong bila tidak ada."))
    created_at = Moment()
    finished_at = Moment()


class JobDetail(DetailView):
    scopes = {"GET": ("read:reports",)}
    serializer_class = JobRow
    queryset = Job.objects.none()
    summary = _("Satu pekerjaan panjang")
    text = _("Keadaan, kemajuan, dan alamat hasilnya. Untuk yang memulainya dan BKPSDM.")

    def rows(self) -> QuerySet[Any]:
        if self.viewer.is_city_hr:
            return Job.objects.all()
        return Job.objects.filter(~Q(owner=None), owner=self.viewer.user_id)
