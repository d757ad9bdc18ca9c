"""Forms of plans: a work result, an indicator, the targets of its periods, expectations, a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from appraisal.models import Indicator, PerformancePlan, PeriodTarget, WorkResult
from appraisal.models.plans import choices_of
from appraisal.rules.anchors import RATED_ASPECTS
from appraisal.rules.targets import Target
from appraisal.rules.vocabulary import Accumulation, Aspect, Direction, Measure, TargetForm
from appraisal.services.plans import EXPECTATION_LENGTH, IndicatorFields
from bukittinggi_kinerja.common.errors import NotNow, Stale, Unacceptable
from bukittinggi_kinerja.common.fields import NumberField
from bukittinggi_kinerja.common.templatetags.kinerja import angka, periode_nama

DAY = forms.DateInput(attrs={"type": "date", "class": "pendek"}, format="%Y-%m-%d")
FORMS = [
    (TargetForm.SINGLE.value, lazy("Satu angka, misalnya 120 berkas")),
    (TargetForm.RANGE.value, lazy("Rentang, misalnya 90 sampai 95%")),
    (TargetForm.DATE.value, lazy("Tanggal selesai")),
    (TargetForm.STATEMENT.value, lazy("Pernyataan")),
]
DIRECTIONS = [
    (Direction.UP.value, lazy("Makin tinggi makin baik")),
    (Direction.DOWN.value, lazy("Makin rendah makin baik")),
    (Direction.EXACT.value, lazy("Paling baik di dalam rentang")),
]
ACCUMULATIONS = [
    (Accumulation.SUM.value, lazy("Dijumlahkan: target setahun dibagi ke setiap periode")),
    (Accumulation.LAST.value, lazy("Angka terakhir: target sama di setiap periode")),
    (Accumulation.MEAN.value, lazy("Rata-rata: target sama di setiap periode")),
]
MEASURES = [
    ("", lazy("Diisi sendiri dengan bukti")),
    (Measure.ON_TIME_SHARE.value, lazy("Berkas layanan: bagian yang selesai tepat waktu (%)")),
    (Measure.MEDIAN_NET_DAYS.value, lazy("Berkas layanan: median hari kerja bersih")),
]


class PlanForm(forms.Form):
    """Every form of a plan carries the version it was opened on, so that nobody overwrites the other side unseen."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class WorkResultForm(PlanForm):
    kind = forms.ChoiceField(
        label=lazy("Jenis RHK"),
        choices=[("UTAMA", lazy("Utama: mendukung RHK pimpinan")), ("TAMBAHAN", lazy("Tambahan: penugasan lain"))],
        widget=forms.RadioSelect,
        initial="UTAMA",
    )
    title = forms.CharField(
        label=lazy("Rencana hasil kerja"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": lazy("Tulis hasil kerja yang direncanakan.")},
    )
    parent_id = forms.TypedChoiceField(label=lazy("RHK pimpinan yang didukung"), required=False, coerce=int, empty_value=None)
    share = NumberField(
        label=lazy("Bagian target pimpinan (%)"),
        required=False,
        help_text=lazy("Isi hanya bila indikatornya sama dengan indikator pimpinan."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "pendek"}),
    )
    order = forms.IntegerField(
        label=lazy("Urutan"), min_value=1, max_value=99, initial=1, widget=forms.NumberInput(attrs={"class": "pendek"})
    )

    def __init__(self, *args: Any, parents: Iterable[WorkResult], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent_id"].choices = [("", _("Tidak ada")), *((r.pk, r.title) for r in parents)]  # type: ignore[attr-defined]


class IndicatorForm(PlanForm):
    name = forms.CharField(
        label=lazy("Indikator (IKI)"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": lazy("Tulis nama indikator.")},
    )
    aspect = forms.ChoiceField(label=lazy("Aspek"), choices=choices_of(Aspect))
    measure = forms.ChoiceField(label=lazy("Asal angka"), choices=MEASURES, required=False)
    form = forms.ChoiceField(label=lazy("Bentuk target"), choices=FORMS, widget=forms.RadioSelect, initial=TargetForm.SINGLE.value)
    target = NumberField(
        label=lazy("Target setahun"),
        required=False,
        help_text=lazy("Untuk rentang: batas bawahnya."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "pendek"}),
    )
    target_max = NumberField(
        label=lazy("Batas atas rentang"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "pendek"})
    )
    unit_name = forms.CharField(
        label=lazy("Satuan"),
        max_length=40,
        required=False,
        help_text=lazy("Misalnya berkas, dokumen, atau %."),
        widget=forms.TextInput(attrs={"class": "pendek"}),
    )
    target_date = forms.DateField(label=lazy("Tanggal selesai"), required=False, widget=DAY)
    statement = forms.CharField(label=lazy("Ukuran keberhasilan"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    direction = forms.ChoiceField(label=lazy("Arah"), choices=DIRECTIONS)
    accumulation = forms.ChoiceField(label=lazy("Cara menghitung setahun"), choices=ACCUMULATIONS)
    weight = forms.IntegerField(
        label=lazy("Bobot"),
        min_value=1,
        max_value=100,
        initial=1,
        help_text=lazy("Bilangan bulat; makin besar makin berpengaruh."),
        widget=forms.NumberInput(attrs={"class": "pendek"}),
    )
    order = forms.IntegerField(
        label=lazy("Urutan"), min_value=1, max_value=99, initial=1, widget=forms.NumberInput(attrs={"class": "pendek"})
    )

    def figures(self) -> IndicatorFields:
        return IndicatorFields(**{name: value for name, value in self.cleaned_data.items() if name != "version"})


class TargetsForm(PlanForm):
    """One row of boxes for each open period; which boxes, the form of the target says."""

    def __init__(self, *args: Any, form: TargetForm, rows: Iterable[PeriodTarget], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.periods = [row.period for row in rows]
        self.columns = _boxes(form)
        for row in rows:
            for column in self.columns:
                self.fields[f"{column}:{row.period}"] = _box(column, row)

    def lines(self) -> list[dict[str, Any]]:
        return [{"period": p, "boxes": [self[f"{column}:{p}"] for column in self.columns]} for p in self.periods]

    def targets(self) -> dict[str, Target]:
        data = self.cleaned_data
        return {p: Target(**{column: data.get(f"{column}:{p}") for column in self.columns}) for p in self.periods}


def _boxes(form: TargetForm) -> tuple[str, ...]:
    return {TargetForm.RANGE: ("value", "maximum"), TargetForm.DATE: ("date",)}.get(form, ("value",))


def _box(column: str, row: PeriodTarget) -> forms.Field:
    name = periode_nama(row.period)
    if column == "date":
        return forms.DateField(label=name, initial=row.target_date, widget=DAY, error_messages={"required": _("Isi tanggalnya.")})
    value = row.target if column == "value" else row.target_max
    label = name if column == "value" else _("%(periode)s, batas atas") % {"periode": name}
    box = forms.TextInput(attrs={"inputmode": "decimal", "class": "pendek"})
    return NumberField(
        label=label, initial=angka(value) if value is not None else "", widget=box, error_messages={"required": _("Isi angkanya.")}
    )


class ExpectationsForm(PlanForm):
    """The leader's special expectation for each of the seven values."""

    def __init__(self, *args: Any, plan: PerformancePlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for aspect in RATED_ASPECTS:
            if not aspect.is_overall:
                self.fields[aspect.code] = forms.CharField(
                    label=_(aspect.name),
                    required=False,
                    max_length=EXPECTATION_LENGTH,
                    initial=plan.behaviour_expectations.get(aspect.code, ""),
                    widget=forms.Textarea(attrs={"rows": 2}),
                )

    def texts(self) -> dict[str, str]:
        return {name: text for name, text in self.cleaned_data.items() if name != "version"}


class ReasonForm(PlanForm):
    reason = forms.CharField(
        label=lazy("Alasan"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": lazy("Tulis alasannya.")},
    )


def accepted(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the service took it; what it refuses stands at its field or over the form."""
    try:
        act()
    except Unacceptable as refusal:
        _at_fields(form, refusal.errors, str(refusal))
    except (NotNow, Stale) as refusal:
        form.add_error(None, str(refusal))
    else:
        return True
    return False


def _at_fields(form: forms.Form, errors: Mapping[str, list[str]], general: str) -> None:
    for name, sentences in errors.items():
        form.add_error(name if name in form.fields else None, list(sentences))
    if not errors:
        form.add_error(None, general)


def first_values(row: WorkResult | Indicator, names: Iterable[str]) -> dict[str, Any]:
    """What stands in the boxes at first: numbers as people write them."""
    values = {name: getattr(row, name) for name in names}
    proposed = (getattr(row, "proposal", None) or {}).get("fields", {})
    for name in values.keys() & proposed.keys():
        values[name] = row._meta.get_field(name).to_python(proposed[name])  # type: ignore[union-attr]
    return {name: _written(value) for name, value in values.items()}


def _written(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int, dt.date)) else angka(value)
