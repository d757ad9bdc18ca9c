"""What the pages before a service ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from appraisal.incentives.models import EventConflict, EventSource, ServiceEvent
from appraisal.incentives.queries.cases import unknown_accounts
from appraisal.incentives.rules.mapping import WORDS
from employees.models import Employee, OrgUnit

LONG = forms.Textarea(attrs={"rows": 3})
#: The words of a file that goes through the ordinary states.
USUAL_WORDS = {
    "accept": "DITERIMA",
    "stop": "PERBAIKAN",
    "resume": "VERIFIKASI",
    "finish": "TERBIT",
    "refuse": "DITOLAK",
    "withdraw": "DITARIK",
}


def day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def owner_field() -> forms.ModelChoiceField:
    widget = AutocompleteSelect(EventSource._meta.get_field("owner"), admin.site)
    text = lazy("Kosong: sumber milik kota, hanya BKPSDM yang mengisinya.")
    return forms.ModelChoiceField(OrgUnit.objects.all(), label=lazy("Unit pemilik"), required=False, widget=widget, help_text=text)


class StandardForm(forms.Form):
    workdays = forms.IntegerField(
        label=lazy("Standar (hari kerja)"), min_value=0, max_value=365, help_text=lazy("Nol berarti selesai pada hari yang sama.")
    )
    cut_off = forms.TimeField(
        label=lazy("Jam batas"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=lazy("Berkas yang diterima sesudah jam ini dihitung mulai hari kerja berikutnya."),
    )
    start = day(lazy("Berlaku mulai"))
    decree_number = forms.CharField(label=lazy("Nomor keputusan"), max_length=120, required=False)
    decided_on = day(lazy("Tanggal keputusan"), required=False)
    reason = forms.CharField(label=lazy("Alasan"), widget=LONG)


class SourceForm(forms.Form):
    code = forms.CharField(label=lazy("Kode sumber"), max_length=60)
    credit = forms.ChoiceField(label=lazy("Siapa yang dihitung"), choices=EventSource._meta.get_field("credit").choices or ())
    owner = owner_field()
    reason = forms.CharField(label=lazy("Alasan"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "accept": _("Kegiatan yang memulai jam kerja"),
            "stop": _("Kegiatan yang menghentikan jam kerja"),
            "resume": _("Kegiatan yang melanjutkan jam kerja"),
            "finish": _("Kegiatan yang menyelesaikan berkas"),
            "refuse": _("Kegiatan yang menolak berkas"),
            "withdraw": _("Kegiatan yang menarik berkas"),
        }
        for word in WORDS:
            self.fields[word] = forms.CharField(
                label=labels[word], required=False, initial=USUAL_WORDS[word], widget=LONG, help_text=_("Satu nama kegiatan tiap baris.")
            )

    def words(self) -> dict[str, list[str]]:
        return {word: [line.strip() for line in self.cleaned_data[word].splitlines() if line.strip()] for word in WORDS}


class OwnerForm(forms.Form):
    owner = owner_field()
    reason = forms.CharField(label=lazy("Alasan"), max_length=200)


class AliasForm(forms.Form):
    """An account out of the worklist, or one that has not sent anything yet."""

    waiting = forms.ChoiceField(label=lazy("Akun yang belum dikenal"), required=False)
    source = forms.ModelChoiceField(EventSource.objects.order_by("code"), label=lazy("atau sumber"), required=False)
    account = forms.CharField(label=lazy("dan akun"), max_length=120, required=False)
    nip = forms.CharField(label=lazy("NIP pegawai"), max_length=24)
    valid_from = day(lazy("Berlaku mulai"), required=False)
    valid_to = day(lazy("Berakhir sebelum"), required=False)
    reason = forms.CharField(label=lazy("Dasar"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["waiting"].choices = [("", "—")] + [  # type: ignore[attr-defined]
            (
                f"{row.source_id}:{row.account}",
                _("%(source)s: %(account)s (%(cases)s berkas, %(steps)s langkah)")
                % {"source": row.source, "account": row.account, "cases": row.cases, "steps": row.steps},
            )
            for row in unknown_accounts()
        ]

    def clean(self) -> dict[str, Any]:
        """Source and account from either place; the person by number."""
        data = super().clean() or {}
        if data.get("waiting"):
            source_id, _colon, account = data["waiting"].partition(":")
            data["source_id"], data["account"] = int(source_id), account
        elif data.get("source") and data.get("account"):
            data["source_id"] = data["source"].pk
        else:
            self.add_error("waiting", _("Pilih akun dari daftar, atau isi sumber dan akun."))
        person = Employee.objects.filter(nip="".join(data.get("nip", "").split())).first()
        if person is None:
            self.add_error("nip", _("Tidak ada pegawai dengan NIP ini."))
        else:
            data["employee_id"] = person.pk
        return data


class EndAliasForm(forms.Form):
    on = day(lazy("Berakhir sebelum"))
    reason = forms.CharField(label=lazy("Alasan"), max_length=200)


class ConflictForm(forms.Form):
    outcome = forms.ChoiceField(
        label=lazy("Putusan"), choices=EventConflict._meta.get_field("outcome").choices or (), widget=forms.RadioSelect
    )
    reason = forms.CharField(label=lazy("Alasan"), max_length=300, widget=LONG)


class CorrectionForm(forms.Form):
    """The step as it stands; what stays the same is no change."""

    activity = forms.CharField(label=lazy("Kegiatan"), max_length=200)
    at = forms.DateTimeField(label=lazy("Waktu"))
    account = forms.CharField(label=lazy("Akun petugas"), max_length=120, required=False)
    cancelled = forms.BooleanField(label=lazy("Batalkan langkah ini"), required=False)
    reason = forms.CharField(label=lazy("Alasan"), max_length=300, widget=LONG)

    def __init__(self, event: ServiceEvent, data: Any = None) -> None:
        # The field shows whole seconds; the rest of the instant must not look like a change.
        shown = {"activity": event.activity, "at": event.at.replace(microsecond=0), "account": event.account, "cancelled": event.cancelled}
        super().__init__(data, initial=shown)

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "reason"}
