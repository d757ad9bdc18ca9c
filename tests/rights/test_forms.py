"""Every form of every page, sent back as empty as it can be: what is asked for is said, above and beside the field, and leads there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest

from . import web
from .conftest import address_of, signed_in, taken_back
from .reading import ROLES, Line, lines_of
from .world import World

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights-web")]
#: Forms of the frame, on every page: they ask for nothing that could be missing.
OF_THE_FRAME = {"/keluar/", "/setelan/", "/masuk/", "/sesi/"}
TYPED = {"text", "password", "email", "date", "number", "url", "search", "tel"}
VOID = {"input", "br", "img", "meta", "link", "hr", "col", "path", "use", "circle", "rect", "line"}


@dataclass
class Form:
    action: str
    sent: dict[str, str] = field(default_factory=dict)
    typed: int = 0


class Page(HTMLParser):
    """Title, forms that are posted, ids, what each field is described by, and where the summary leads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.ids: set[str] = set()
        self.described: dict[str, str] = {}
        self.summary: list[str] = []
        self.focusable = False
        self.title = ""
        self._open: list[str] = []
        self._form: Form | None = None
        self._inside = 0
        self.feed(text)

    def handle_starttag(self, tag: str, found: list[tuple[str, str | None]]) -> None:
        attrs = {name: value or "" for name, value in found}
        if tag not in VOID:
            self._open.append(tag)
        if "id" in attrs:
            self.ids.add(attrs["id"])
            self.described[attrs["id"]] = attrs.get("aria-describedby", "")
        if attrs.get("id") == "ringkasan-galat":
            self.focusable, self._inside = attrs.get("tabindex") == "-1", len(self._open)
        if self._inside and tag == "a":
            self.summary.append(attrs.get("href", ""))
        if tag == "form" and attrs.get("method", "").lower() == "post":
            self._form = Form(attrs.get("action", ""))
            self.forms.append(self._form)
        elif self._form is not None:
            self._keep(self._form, tag, attrs)

    def _keep(self, form: Form, tag: str, attrs: dict[str, str]) -> None:
        """Hidden values and the first button go as they are; whatever a person fills in goes empty."""
        name, kind = attrs.get("name", ""), attrs.get("type", "text" if tag == "input" else tag)
        if not name or name == "csrfmiddlewaretoken":
            return
        if kind == "hidden":
            form.sent.setdefault(name, attrs.get("value", ""))
        elif tag == "textarea" or kind in TYPED:
            form.sent[name], form.typed = "", form.typed + 1
        elif tag == "select" or kind in {"radio", "file"}:
            form.typed += 1
        elif tag == "button":
            form.sent.setdefault(name, attrs.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if len(self._open) < self._inside:
            self._inside = 0
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["title"] and "head" in self._open:
            self.title += data


def pages_with_forms() -> Iterator[tuple[Line, str]]:
    """Each page once for each object, by the first role that may open it."""
    for line in lines_of(web.READING):
        role = next((role for role in ROLES[1:] if line.expected[role] == 200), None)
        if role is not None and not line.query and line.route != "/healthz":
            yield line, role


@pytest.mark.parametrize(("line", "role"), list(pages_with_forms()), ids=lambda part: str(part))
def test_a_form_sent_empty_names_each_gap_above_and_beside_its_field(world: World, line: Line, role: str) -> None:
    address = address_of(world, line)
    browser = signed_in(world, role)
    with taken_back():
        shown = browser.get(address)
        page = Page("" if shown.streaming else shown.content.decode(errors="replace"))
    for form in page.forms:
        target = urlsplit(urljoin(address, form.action)).path if form.action else address
        if target in OF_THE_FRAME or not form.typed:
            continue
        with taken_back():
            answer = signed_in(world, role).post(target, form.sent)
        assert answer.status_code in {200, 302, 400, 409}, f"{target} {form.sent}: {answer.status_code}"
        told = Page(answer.content.decode())
        if answer.status_code != 400 and "ringkasan-galat" not in told.ids:
            continue
        assert told.title.strip().startswith("Galat:"), target
        assert told.focusable, f"{target}: the summary takes the focus"
        lost = [href for href in told.summary if href.removeprefix("#") not in told.ids]
        assert lost == [], target
        mute = [href for href in told.summary if not set(told.described[href.removeprefix("#")].split()) & told.ids]
        assert mute == [], f"{target}: the field is described by its sentence"
