"""Catalogues are compiled without the gettext programs."""

import gettext
from pathlib import Path

from bukittinggi_kinerja.messages import compile_catalogues

PO = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

# Seen on home
#: home.html:3
msgid "Selamat datang, %(name)s"
msgstr "Welcome, %(name)s"

msgid ""
"Kalimat "
"panjang\n"
msgstr "A \"long\" sentence\n"

msgctxt "bulan"
msgid "Mei"
msgstr "May"

msgid "%(n)s orang"
msgid_plural "%(n)s orang banyak"
msgstr[0] "%(n)s person"
msgstr[1] "%(n)s people"

#, fuzzy
msgid "Belum pasti"
msgstr "Not sure"

msgid "Belum ada"
msgstr ""

#~ msgid "Dulu"
#~ msgstr "Once"
"""


def compiled(folder: Path, text: str = PO) -> gettext.GNUTranslations:
    source = folder / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(text)
    assert compile_catalogues(folder) == [source.with_suffix(".mo")]
    with source.with_suffix(".mo").open("rb") as catalogue:
        return gettext.GNUTranslations(catalogue)


def test_python_reads_what_was_compiled(tmp_path: Path) -> None:
    english = compiled(tmp_path)
    assert english.gettext("Selamat datang, %(name)s") == "Welcome, %(name)s"
    assert english.gettext("Kalimat panjang\n") == 'A "long" sentence\n'
    assert english.pgettext("bulan", "Mei") == "May"
    assert [english.ngettext("%(n)s orang", "%(n)s orang banyak", n) for n in (1, 2)] == ["%(n)s person", "%(n)s people"]


def test_what_is_uncertain_or_missing_stays_indonesian(tmp_path: Path) -> None:
    english = compiled(tmp_path)
    assert [english.gettext(text) for text in ("Belum pasti", "Belum ada", "Dulu")] == ["Belum pasti", "Belum ada", "Dulu"]


def test_only_what_changed_is_compiled_again(tmp_path: Path) -> None:
    compiled(tmp_path)
    assert compile_catalogues(tmp_path) == []
    assert compiled(tmp_path, PO.replace('"May"', '"Maius"')).pgettext("bulan", "Mei") == "Maius"
