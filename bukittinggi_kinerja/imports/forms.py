"""Forms of the import pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bukittinggi_kinerja.common.importing import ImportColumn, ImportKind
from bukittinggi_kinerja.common.models import ImportBatch

EXAMPLE = 40


class UploadForm(forms.Form):
    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("Berkas csv atau xlsx"),
        help_text=gettext_lazy("Paling besar 32 MB, 250.000 baris. Baris pertama berisi judul kolom."),
        error_messages={
            "required": gettext_lazy("Pilih berkas yang akan diimpor."),
            "empty": gettext_lazy("Berkas ini kosong. Pilih berkas lain."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.gz"}),
    )


class MappingForm(forms.Form):
    """One choice for each column of the list; the columns of the file are told with the first rows as examples."""

    use_required_attribute = False

    def __init__(self, kind: ImportKind, batch: ImportBatch, data: Any = None) -> None:
        super().__init__(data, initial={_field(name): str(place) for name, place in batch.mapping.items()})
        self.kind = kind
        headers = [(str(place), _told(name, place, batch)) for place, name in enumerate(batch.header)]
        for column in kind.columns:
            self.fields[_field(column.name)] = forms.ChoiceField(
                label=str(column.label),
                required=column.required,
                choices=[("", _("Tidak ada dalam berkas")), *headers],
                help_text=str(column.help),
                error_messages={
                    "invalid_choice": _("Kolom ini tidak ada dalam berkas. Pilih dari daftar."),
                    "required": _("Kolom %(column)s wajib ada. Pilih kolom berkas yang memuatnya.") % {"column": column.label},
                },
            )

    def places(self) -> dict[str, int]:
        chosen = ((column.name, self.cleaned_data.get(_field(column.name))) for column in self.kind.columns)
        return {name: int(place) for name, place in chosen if place}

    def refuse(self, column: str, sentence: str) -> None:
        self.add_error(_field(column) if _field(column) in self.fields else None, sentence)

    def rows(self) -> Iterator[tuple[ImportColumn, BoundField]]:
        return ((column, self[_field(column.name)]) for column in self.kind.columns)


class ApplyForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        max_length=300,
        help_text=gettext_lazy("Tersimpan dalam riwayat, misalnya nomor surat."),
        error_messages={"required": gettext_lazy("Tulis alasannya, misalnya nomor surat.")},
    )
    good_only = forms.BooleanField(required=False, widget=forms.HiddenInput)


class ExportForm(forms.Form):
    use_required_attribute = False
    file_format = forms.ChoiceField(label=gettext_lazy("Bentuk berkas"), choices=[("xlsx", "xlsx"), ("csv", "csv")])
    reason = forms.CharField(
        label=gettext_lazy("Untuk keperluan apa"),
        max_length=300,
        help_text=gettext_lazy("Tersimpan dalam riwayat."),
        error_messages={"required": gettext_lazy("Tulis untuk keperluan apa.")},
    )


def _field(column: str) -> str:
    return f"kolom_{column}"


def _told(name: str, place: int, batch: ImportBatch) -> str:
    """A header with what stands below it, for instance ``NAMA (Ani, Budi)``."""
    found = [row[place] for row in batch.samples if place < len(row) and row[place]]
    shown = ", ".join(text if len(text) <= EXAMPLE else f"{text[:EXAMPLE]}…" for text in found[:2])
    title = name or _("Kolom ke-%(n)s") % {"n": place + 1}
    return f"{title} ({shown})" if shown else title
