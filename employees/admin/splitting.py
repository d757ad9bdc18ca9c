"""Splitting a unit: first its new units, then who goes where, by post or one by one, then the act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.numbers import whole_number
from employees.queries.units import PostOfUnit
from employees.services.units import UnitPart

from .choosing import DecreeForm

#: Names of what is sent: which part everybody of a post goes to, and which part one person does.
OF_POST, OF_PERSON = "jabatan_{}", "orang_{}"
#: What the placing was shown for; with other units or another day it is shown again.
SHOWN_FOR = "dilihat"


class SplitForm(DecreeForm):
    parts = forms.CharField(
        label=_("Unit baru"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Satu unit tiap baris: kode, lalu titik koma, lalu nama. Siapa ke unit mana dipilih sesudahnya."),
    )
    field_order = ("parts", "on", "decree", "reason")

    def clean_parts(self) -> list[UnitPart]:
        lines = [line.partition(";") for line in self.cleaned_data["parts"].splitlines() if line.strip()]
        if any(not code.strip() or not name.strip() for code, _sign, name in lines):
            raise forms.ValidationError(_("Tulis kode; nama pada setiap baris."))
        return [UnitPart(code.strip(), name.strip()) for code, _sign, name in lines]

    @property
    def shown_for(self) -> str:
        """The new units and the day, as they stand in the form."""
        data = self.cleaned_data
        return "|".join([*(part.code for part in data["parts"]), data["on"].isoformat()])


class Placing:
    """The choice of a part for each post and person, as it was sent; without one the post decides, then the first part."""

    def __init__(self, posts: Sequence[PostOfUnit], parts: Sequence[UnitPart], sent: Mapping[str, str]) -> None:
        self.posts, self.parts, self.sent = posts, parts, sent

    def _chosen(self, name: str) -> int | None:
        """The number of a part, from one; None where nothing was chosen. Raises ValueError for a part that is not there."""
        text = self.sent.get(name, "")
        if not text:
            return None
        number = whole_number(text)
        if number is None or not 1 <= number <= len(self.parts):
            raise ValueError(name)
        return number

    def rows(self) -> list[dict[str, Any]]:
        """For the page: posts and people with what was chosen so far."""
        return [
            {
                "post": post,
                "name": OF_POST.format(post.position),
                "chosen": self.sent.get(OF_POST.format(post.position), ""),
                "seats": [
                    {
                        "seat": seat,
                        "name": OF_PERSON.format(seat.employee),
                        "chosen": self.sent.get(OF_PERSON.format(seat.employee), ""),
                    }
                    for seat in post.seats
                ],
            }
            for post in self.posts
        ]

    def placed(self) -> list[UnitPart]:
        """The parts with their people. Raises forms.ValidationError for a choice that is not on the page."""
        people: list[set[int]] = [set() for _part in self.parts]
        try:
            for post in self.posts:
                together = self._chosen(OF_POST.format(post.position)) or 1
                for seat in post.seats:
                    people[(self._chosen(OF_PERSON.format(seat.employee)) or together) - 1].add(seat.employee)
        except ValueError:
            raise forms.ValidationError(_("Pilih unit baru dari daftar.")) from None
        return [replace(part, people=frozenset(chosen)) for part, chosen in zip(self.parts, people, strict=True)]
