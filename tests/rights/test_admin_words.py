"""No page of the admin speaks English to who has chosen Indonesian: Django's own texts and the labels of the records alike."""

from __future__ import annotations

import re
from html import unescape

import pytest

from employees.models import User

from .test_admin import HR, every_page
from .world import World

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights-admin-words")]
#: Words that no Indonesian sentence holds and hardly an English one lacks.
ENGLISH = re.compile(
    r"\b(the|and|of|or|is|are|was|this|that|these|with|from|for|your|you|not|has|have|been|will|please|select|choose|add|change|delete"
    r"|remove|save|search|all|any|yes|no|none|show|view|history|results?|total|action|go|users?|staff|active|name|date|time|today"
    r"|yesterday|hold|down|key|error|required|field|enter|valid|unknown|empty)\b",
    re.IGNORECASE,
)
#: Written by people or machines, not by us: codes of events, scopes and jobs, values of records.
OF_RECORDS = re.compile(
    r"<(script|style|svg)\b.*?</\1>|<(textarea|option|code)\b[^>]*>.*?</\2>|<td\b.*?</td>|<th class=\"field-.*?</th>", re.S
)
HELPS = re.compile(r'(?:title|placeholder|aria-label|data-placeholder|alt)="([^"]*)"|<input type="submit"[^>]*value="([^"]*)"')


def words_of(page: str) -> set[str]:
    body = OF_RECORDS.sub(" ", page)
    helps = " ".join(filter(None, (text for pair in HELPS.findall(body) for text in pair)))
    return {found.group(0).lower() for found in ENGLISH.finditer(unescape(re.sub(r"<[^>]+>", " ", body)) + " " + unescape(helps))}


def test_no_page_of_the_admin_has_an_english_word_left(world: World) -> None:
    User.objects.update(language="id")
    found: dict[str, set[str]] = {}
    for page in ["/admin/", *every_page(world)]:
        if page.startswith("/admin/common/seal/"):
            continue  # a seal names the columns it covers
        answer = world.browsers[HR].get(page)
        if answer.status_code == 200 and (words := words_of(answer.content.decode())):
            found[page] = words
    assert found == {}
