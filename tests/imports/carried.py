"""A list on its way through the pipeline, as a browser sends it and a worker does it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from bukittinggi_kinerja.common.importing.running import unfinished_imports, work_on_import
from bukittinggi_kinerja.common.models import ImportBatch
from bukittinggi_kinerja.import_kinds import KINDS
from employees.queries import viewer_by_id
from tests.people import City

Row = dict[str, Any]


def csv_of(rows: Sequence[Row], header: Sequence[str] | None = None) -> bytes:
    stream = io.StringIO(newline="")
    names = list(header or rows[0])
    writer = csv.writer(stream)
    writer.writerow(names)
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return stream.getvalue().encode()


def xlsx_of(rows: Sequence[Sequence[Any]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for line, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                if str(cell).startswith("="):
                    sheet.write_formula(line, place, cell, value="rumus")
                else:
                    sheet.write_string(line, place, str(cell))
    return stream.getvalue()


def work() -> None:
    """What the workers do: every job that waits."""
    for job_id in list(unfinished_imports().values_list("pk", flat=True)):
        work_on_import(job_id=job_id, kinds=KINDS, viewer_of=viewer_by_id, now=timezone.now())


class Carried:
    """One batch of one clerk, step by step."""

    def __init__(self, city: City, who: str = "bkpsdm") -> None:
        self.city, self.who = city, who
        self.browser: Client = city.client(who)
        self.pk = 0

    def bring(self, content: bytes, name: str = "daftar.csv", *, kind: str = "pegawai") -> Carried:
        answer = self.browser.post(f"/impor/{kind}/", {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 302, answer.content.decode()
        self.pk = int(answer["Location"].split("/")[2])
        return self

    def check(self, **chosen: str) -> Carried:
        """With the guessed columns, unless ``chosen`` says otherwise."""
        data = {f"kolom_{name}": str(place) for name, place in self.batch.mapping.items()}
        answer = self.browser.post(f"/impor/{self.pk}/kolom/", {**data, **chosen})
        assert answer.status_code == 302, answer.content.decode()
        work()
        return self

    def apply(self, *, good_only: bool = False) -> Carried:
        data = {"reason": "SK 1/2026", **({"good_only": "on"} if good_only else {})}
        answer = self.browser.post(f"/impor/{self.pk}/terapkan/", data)
        assert answer.status_code == 302, answer.content.decode()
        work()
        return self

    def undo(self) -> Carried:
        assert self.browser.post(f"/impor/{self.pk}/urungkan/").status_code == 302
        work()
        return self

    @property
    def batch(self) -> ImportBatch:
        return ImportBatch.objects.get(pk=self.pk)

    @property
    def counts(self) -> tuple[int, int, int, int]:
        batch = self.batch
        return batch.new, batch.changed, batch.same, batch.bad

    def errors(self) -> bytes:
        return b"".join(self.browser.get(f"/impor/{self.pk}/galat/").streaming_content)

    def page(self, query: str = "") -> str:
        return self.browser.get(f"/impor/{self.pk}/{query}").content.decode()


def stored_files(root: Any) -> list[Path]:
    folder = Path(root) / "impor"
    return sorted(folder.iterdir()) if folder.is_dir() else []
