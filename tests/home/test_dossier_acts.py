"""From a person's page to what may be done with him, and which entry of the menu a screen belongs to."""

from __future__ import annotations

import re

import pytest

from bukittinggi_kinerja.home.menu import menu_for
from tests.months import fill_team
from tests.people import City

pytestmark = pytest.mark.django_db


def acts(city: City, who: str, of: str) -> dict[str, str]:
    """Words and addresses of the acts on a person's page."""
    page = city.client(who).get(f"/pegawai/{city.people[of].pk}/").content.decode()
    part = page.partition('aria-labelledby="tindakan"')[2].partition("</nav>")[0]
    return {words: link for link, words in re.findall(r'<li><a class="[^"]+" href="([^"]+)">([^<]+)', part)}


class TestActsOnAPerson:
    def test_hr_of_the_city_goes_from_a_person_to_every_act(self, city: City) -> None:
        fill_team(city, published=1)
        of_hr = ["Tempatkan atau pindahkan", "Serah terima", "Akhir tugas", "Akun"]
        found = acts(city, "bkpsdm", "pegawai")
        assert list(found) == ["Hasil terakhir", "SKP", *of_hr]
        assert list(acts(city, "bkpsdm", "penilai")) == [of_hr[0], "Tunjuk pengganti (Plh.)", *of_hr[1:]], "he was not rated"
        browser = city.client("bkpsdm")
        for words, link in found.items():
            assert browser.get(link).status_code == 200, words

    def test_every_act_that_is_offered_opens_for_whom_it_is_offered(self, city: City) -> None:
        fill_team(city, published=1)
        offered = 0
        for who in ("pengelola", "penilai", "atasan", "inspektorat", "pegawai"):
            browser = city.client(who)
            for of in ("pegawai", "penilai"):
                for words, link in acts(city, who, of).items():
                    assert browser.get(link).status_code == 200, (who, of, words)
                    offered += 1
        assert offered > 10

    def test_the_auditor_and_a_rater_are_offered_no_act_of_hr(self, city: City) -> None:
        fill_team(city)
        for who in ("inspektorat", "penilai"):
            assert not {"Akhir tugas", "Tempatkan atau pindahkan", "Akun"} & set(acts(city, who, "pegawai"))
        assert "Tunjuk pengganti (Plh.)" in acts(city, "atasan", "penilai")
        assert "Tunjuk pengganti (Plh.)" not in acts(city, "bkpsdm", "pegawai"), "nobody stands under him"

    def test_the_own_page_leads_to_reporting_what_is_wrong(self, city: City) -> None:
        assert "/laporan-data/baru/" in acts(city, "pegawai", "pegawai").values()

    def test_placing_somebody_begins_with_his_name(self, city: City) -> None:
        page = city.client("bkpsdm").get(acts(city, "bkpsdm", "pegawai")["Tempatkan atau pindahkan"]).content.decode()
        assert re.search(rf'<option value="{city.people["pegawai"].pk}" selected', page)

    def test_the_hand_over_list_of_one_person_leaves_out_the_others(self, city: City) -> None:
        person = city.people["pegawai"]
        browser = city.client("bkpsdm")
        assert f"Hanya {person.name}" in browser.get(f"/serah-terima/?pegawai={person.pk}").content.decode()
        assert browser.get("/serah-terima/?pegawai=99999999").status_code == 404
        assert city.client("pengelola").get(f"/serah-terima/?pegawai={city.people['luar'].pk}").status_code == 404


class TestTheMarkedEntry:
    @pytest.mark.parametrize(
        ("who", "path", "entry"),
        [
            ("bkpsdm", "/", "/"),
            ("bkpsdm", "/skp/matriks/", "/kendali/"),
            ("bkpsdm", "/kendali/susulan/", "/kendali/"),
            ("bkpsdm", "/pekerjaan/4/", "/pekerjaan/"),
            ("bkpsdm", "/pensiun/", "/serah-terima/"),
            ("bkpsdm", "/pegawai/7/", "/pegawai/"),
            ("pengelola", "/kinerja/formulir/", "/kendali/"),
            ("penilai", "/skp/siapkan/", "/tim/"),
            ("penilai", "/pegawai/7/", "/tim/"),
            ("pimpinan", "/pegawai/7/", "/tim/"),
            ("penilai", "/serah-terima/", "/pengganti/"),
            ("pegawai", "/profil/kode/", "/profil/"),
            ("pegawai", "/laporan-data/baru/", "/profil/"),
            ("pegawai", "/tidak-ada/", ""),
            ("inspektorat", "/masuk/", ""),
        ],
    )
    def test_is_that_of_the_screen_or_none_and_never_home(self, city: City, who: str, path: str, entry: str) -> None:
        menu = menu_for(city.viewer(who), path)
        assert {item.path for item in (*menu.desktop, menu.account) if item.current} == ({entry} if entry else set())

    def test_the_own_data_belong_to_the_account(self, city: City) -> None:
        for who in ("pegawai", "bkpsdm", "penilai"):
            menu = menu_for(city.viewer(who), f"/pegawai/{city.people[who].pk}/")
            assert menu.account.current, who
            assert not any(item.current for item in menu.desktop), who

    def test_on_a_page_it_is_told_to_those_who_do_not_see_colours(self, city: City) -> None:
        page = city.client("pegawai").get("/profil/pengingat/").content.decode()
        assert page.count('aria-current="page"') == 2, "the header and the foot of a phone"
        assert re.search(r'class="akun" href="/profil/" aria-current="page"', page)
