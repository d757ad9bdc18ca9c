"""Both languages are whole, and the Indonesian one is plain."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import gettext as translated
from django.utils.translation import override
from django.utils.translation.template import templatize

from bukittinggi_kinerja.messages import CONTEXT_SEPARATOR, PLURAL_SEPARATOR, read_po

ROOT = Path(__file__).resolve().parents[2]
APPS = ("bukittinggi_kinerja", "employees", "appraisal", "training", "evaluation")
PO = (ROOT / "locale/en/LC_MESSAGES/django.po").read_text(encoding="utf-8")
#: By context and text, as they are looked up: the same words in a menu and on a page are two entries.
CATALOGUE = {key.split(PLURAL_SEPARATOR)[0]: text for key, text in read_po(PO).items() if key}
MARKERS = {"_", "gettext", "gettext_lazy", "gettext_noop", "lazy", "ngettext", "ngettext_lazy", "N_"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy", "plazy"}
IN_TEMPLATE = re.compile(
    r"""\b(n?gettext|p?gettext|npgettext)\(\s*((?:u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")(?:\s*,\s*(?:u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*"))*)"""
)
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
MOST_WORDS = 20


def python_texts() -> Iterator[tuple[str, str]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                    place = 1 if node.func.id in WITH_CONTEXT else 0
                    known = node.func.id in MARKERS | WITH_CONTEXT and len(node.args) > place
                    given = node.args[place] if known else None
                    if isinstance(given, ast.Constant) and isinstance(given.value, str):
                        context = node.args[0] if place else None
                        yield str(path.relative_to(ROOT)), _key(given.value, context.value if isinstance(context, ast.Constant) else "")


def template_texts() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for _name, arguments in IN_TEMPLATE.findall(templatize(path.read_text(encoding="utf-8"))):
            parts = ast.literal_eval(f"({arguments},)")
            yield str(path.relative_to(ROOT)), _key(parts[1], parts[0]) if _name.startswith("p") else parts[0]


def _key(text: str, context: object) -> str:
    return f"{context}{CONTEXT_SEPARATOR}{text}" if context else text


TEXTS = sorted({*python_texts(), *template_texts()})


def test_the_extraction_finds_texts_of_code_and_of_templates() -> None:
    found = {text for _path, text in TEXTS}
    assert {
        "Yang perlu Anda lakukan",
        "Layar ini bukan untuk peran Anda.",
        "rating\x04Di bawah",
        "%(n)s indikator %(periode)s belum ada realisasi.",
    } <= found


def test_every_text_is_there_in_english() -> None:
    assert [(path, text) for path, text in TEXTS if text and text not in CATALOGUE] == []


def test_both_languages_have_the_same_places_to_fill() -> None:
    crooked = [
        (text, there)
        for text, joined in CATALOGUE.items()
        for there in joined.split(PLURAL_SEPARATOR)
        if sorted(set(PLACE.findall(text))) != sorted(set(PLACE.findall(there)))
    ]
    assert crooked == []


def test_no_entry_waits_for_a_second_look() -> None:
    assert "fuzzy" not in PO
    assert '\nmsgstr ""\n\n' not in PO.split("\n\n", 1)[1]


@pytest.mark.parametrize("word", ["error", "submit", "invalid", "silahkan"])
def test_indonesian_texts_avoid_a_word(word: str) -> None:
    assert [text for _path, text in TEXTS if re.search(rf"\b{word}\b", re.sub(r"<code>.*?</code>|--\w+", "", text), re.IGNORECASE)] == []


def test_indonesian_sentences_are_short_and_calm() -> None:
    long = [
        (path, sentence)
        for path, text in TEXTS
        for sentence in re.split(r"(?<=[.?:;…])\s+", re.sub(r"<[^>]+>", "", text))
        if len(sentence.split()) > MOST_WORDS
    ]
    assert long == []
    assert [text for _path, text in TEXTS if "!" in text] == []


def test_the_catalogue_is_the_one_that_pages_use() -> None:
    with override("en"):
        assert translated("Yang perlu Anda lakukan") == "What you need to do"
    with override("id"):
        assert translated("Yang perlu Anda lakukan") == "Yang perlu Anda lakukan"
