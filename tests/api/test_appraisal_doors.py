"""cycles/, plans/, assessments/ and the tree behind one result."""

from __future__ import annotations

from typing import Any

import pytest

from appraisal.models import Assessment
from tests.api.conftest import Callers
from tests.appraisal.month import AFTER_DEADLINE, Month

MARKS = ("result_rating", "behaviour_rating", "predicate", "score")


def first_case(month: Month) -> Assessment:
    return month.case(month.city.people["pegawai"])


def test_a_cycle_says_its_state_and_both_deadlines(caller: Callers, month: Month) -> None:
    row = caller("pegawai").get("cycles/?period=2026-10")["results"][0]
    assert (row["period"], row["group"], row["state"], row["published_at"]) == ("2026-10", "UMUM", "BERJALAN", None)
    assert row["progress_due"] == "2026-11-04T23:59:59+07:00"
    assert row["rating_due"] == "2026-11-06T23:59:59+07:00"
    assert caller("pegawai", "read:reports").get(f"cycles/{month.cycle.pk}/")["id"] == row["id"]
    assert caller("pegawai").get("cycles/?period=2026-Q4")["results"] == []


def test_a_plan_is_shown_down_to_the_target_of_each_period(caller: Callers, month: Month) -> None:
    [plan] = caller("pegawai").get("plans/?period=2026-10")["results"]
    [result] = plan["work_results"]
    assert [i["name"] for i in result["indicators"]] == ["Berkas selesai", "Kelengkapan berkas", "Tunggakan"]
    first = result["indicators"][0]
    assert (first["target"], first["weight"], first["accumulation"]) == ("1200", 50, "SUM")
    assert first["period_targets"] == [{"period": "2026-10", "target": "100", "target_max": None, "target_date": None}]
    assert (plan["state"], plan["valid_from"], plan["valid_to"]) == ("DITETAPKAN", "2026-01-01", "2027-01-01")
    assert caller("pegawai").get(f"plans/{plan['id']}/")["id"] == plan["id"]
    caller("luar").get(f"plans/{plan['id']}/", 404)
    assert caller("penilai").get("plans/?period=2025")["results"] == []


@pytest.mark.parametrize("who", ["penilai", "atasan"])
def test_marks_before_publication_are_seen_by_the_rater_and_his_superior(caller: Callers, month: Month, who: str) -> None:
    case = month.rate(month.city.people["pegawai"], result=3)
    row = caller(who).get(f"assessments/{case.pk}/")
    assert (row["state"], row["result_rating"], row["behaviour_rating"]) == ("DINILAI", "DI_ATAS", "SESUAI")


@pytest.mark.parametrize("who", ["pegawai", "pengelola", "dpmptsp", "bkpsdm", "inspektorat"])
def test_marks_before_publication_are_null_for_everybody_else(caller: Callers, month: Month, who: str) -> None:
    case = month.rate(month.city.people["pegawai"], result=3)
    someone = caller(who)
    listed = next(row for row in someone.every("assessments/?period=2026-10") if row["id"] == case.pk)
    for row in (listed, someone.get(f"assessments/{case.pk}/")):
        assert [row[name] for name in MARKS] == [None] * 4
    assert marks_in(someone.get(f"assessments/{case.pk}/explanation/")) == set()


def marks_in(node: dict[str, Any]) -> set[str]:
    """Kinds of nodes that tell what the rater thinks, where they carry a value."""
    told = {"predicate", "result_rating", "behaviour_rating", "behaviour_mark", "behaviour_score", "result_score", "advice"}
    own = {node["kind"]} if node["kind"] in told and node["value"] is not None else set()
    return own.union(*(marks_in(child) for child in node["children"]))


def test_a_published_result_has_all_its_fields(caller: Callers, month: Month) -> None:
    case = month.rate(month.city.people["pegawai"], result=3)
    month.publish()
    row = caller("pegawai").get("assessments/?period=2026-10")["results"][0]
    assert row["employee"] == {"nip": month.city.people["pegawai"].nip, "name": "Ahmad Fauzi"}
    assert (row["id"], row["unit"], row["period"], row["version"], row["state"]) == (case.pk, "DPMPTSP.IZIN.YAN", "2026-10", 1, "TERBIT")
    assert (row["result_rating"], row["behaviour_rating"], row["predicate"]) == ("DI_ATAS", "SESUAI", "BAIK")
    assert row["score"] == "95.63"
    assert row["rule_version"] == "aturan-2025"
    assert row["published_at"] == AFTER_DEADLINE.isoformat()
    assert row["received_at"] is None


def test_reading_over_rest_records_no_receipt(caller: Callers, month: Month) -> None:
    case = month.rate(month.city.people["pegawai"])
    month.publish()
    own = caller("pegawai")
    own.get(f"assessments/{case.pk}/")
    own.get(f"assessments/{case.pk}/explanation/")
    case.refresh_from_db()
    assert case.received_at is None


def test_the_tree_of_a_published_result_starts_at_the_predicate(caller: Callers, month: Month) -> None:
    case = month.rate(month.city.people["pegawai"])
    month.publish()
    tree = caller("pegawai").get(f"assessments/{case.pk}/explanation/")
    assert set(tree) == {"label", "kind", "value", "unit", "operation", "weight", "children", "evidence", "rule_version"}
    assert (tree["operation"], tree["value"]) == ("matrix", "BAIK")
    assert [child["value"] for child in tree["children"]] == ["SESUAI", "SESUAI"]
    assert no_floats(tree)


def no_floats(value: Any) -> bool:
    if isinstance(value, dict):
        return all(no_floats(inner) for inner in value.values())
    if isinstance(value, list):
        return all(no_floats(inner) for inner in value)
    return not isinstance(value, float)


@pytest.mark.parametrize("path", ["", "explanation/"])
def test_a_result_of_another_is_not_there(caller: Callers, month: Month, path: str) -> None:
    case = first_case(month)
    caller("luar").get(f"assessments/{case.pk}/{path}", 404)
    caller("pegawai").get(f"assessments/{month.case(month.city.staff[1]).pk}/{path}", 404)


def test_a_rater_sees_the_people_he_rates_and_nobody_sees_too_much(caller: Callers, month: Month) -> None:
    seen = {who: len(caller(who).every("assessments/?page_size=5")) for who in ("pegawai", "penilai", "pengelola", "luar", "pimpinan")}
    everybody = Assessment.objects.count()
    assert seen["pegawai"] == 1
    assert seen["penilai"] == 13
    assert seen["pengelola"] == Assessment.objects.filter(unit__path__startswith="BKT/DPMPTSP/").count()
    assert seen["luar"] == 1
    # Himself and the four he rates, not the three whose raters are under him.
    assert seen["pimpinan"] == 5
    assert len(caller("bkpsdm").every("assessments/")) == everybody


def test_a_superseded_version_is_told_only_to_those_who_follow_changes(caller: Callers, month: Month) -> None:
    case = first_case(month)
    Assessment.objects.filter(pk=case.pk).update(is_current=False, state="DIGANTI")
    newer = Assessment.objects.create(
        cycle=case.cycle, stretch_start=case.stretch_start, stretch_end=case.stretch_end, plan=case.plan, employee=case.employee,
        unit=case.unit, assessor=case.assessor, version=2, replaces=case,
    )  # fmt: skip
    own = caller("pegawai")
    assert [row["id"] for row in own.every("assessments/")] == [newer.pk]
    told = own.every("assessments/?updated_since=2020-01-01T00:00:00Z")
    assert [(row["id"], row["version"], row["state"]) for row in told] == [(case.pk, 1, "DIGANTI"), (newer.pk, 2, "DRAF")]
    assert told[1]["replaces"] == case.pk


def test_filters_narrow_results_by_period_unit_state_and_person(caller: Callers, month: Month) -> None:
    hr = caller("bkpsdm")
    month.rate(month.city.people["pegawai"])
    assert len(hr.get("assessments/?period=2026-10&unit=DPMPTSP.IZIN.YAN")["results"]) == 13
    assert hr.get("assessments/?period=2026")["results"] == []
    assert len(hr.get("assessments/?state=DINILAI")["results"]) == 1
    assert len(hr.get(f"assessments/?employee={month.city.people['luar'].pk}")["results"]) == 1
    # The filter is no way around the rights of the token.
    assert caller("pegawai").get(f"assessments/?employee={month.city.people['luar'].pk}")["results"] == []
