"""What the admin offers for many rows at once: actions, the search of another list, the calendar of a list."""

from __future__ import annotations

import pytest
from django.apps import apps

from tests.rights.conftest import signed_in, taken_back
from tests.rights.test_admin import MODELS
from tests.rights.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("abuse-bulk")]
LISTS = [label for label, answers in MODELS.items() if answers["list"] == 200]
#: Nothing hangs on a local holiday; everything else stays.
MAY_GO = {"common.closedday"}
ACTIONS = ("delete_selected", "export_admin_action", "export", "__class__", "")


@pytest.mark.parametrize("label", LISTS)
def test_no_list_lets_many_rows_go_at_once(world: World, label: str) -> None:
    address, model = f"/admin/{label.replace('.', '/')}/", apps.get_model(label)
    before = model._default_manager.count()
    assert before
    chosen = [str(world.row_of(label).pk)]
    for action in ACTIONS:
        with taken_back() as written:
            body = {"action": action, "_selected_action": chosen, "select_across": "1", "post": "yes", "index": "0"}
            answer = signed_in(world, "bkpsdm").post(address, body)
            left = model._default_manager.count()
        assert answer.status_code in {200, 302, 403}, action
        if label in MAY_GO and action == "delete_selected":
            assert left == 0
        else:
            assert (left, written) == (before, []), action


@pytest.mark.parametrize("label", LISTS)
def test_nobody_else_reaches_an_action(world: World, label: str) -> None:
    for role in ("pengelola", "inspektorat", "pimpinan", "pegawai"):
        with taken_back() as written:
            body = {"action": "delete_selected", "_selected_action": [world.row_of(label).pk], "post": "yes"}
            assert signed_in(world, role).post(f"/admin/{label.replace('.', '/')}/", body).status_code == 403
        assert written == []


def test_the_suggestions_of_one_field_are_no_way_into_another_table(world: World) -> None:
    hr = signed_in(world, "bkpsdm")
    asked = {"term": "a", "app_label": "employees", "model_name": "posting", "field_name": "employee"}
    assert hr.get("/admin/employees/employee/cari/", asked).status_code == 200
    for change in (
        {"model_name": "user", "field_name": "password"},
        {"model_name": "user", "field_name": "groups"}, {"app_label": "appraisal", "model_name": "score", "field_name": "result_score"},
        {"app_label": "axes", "model_name": "accessattempt", "field_name": "username"}, {"field_name": "unit__password"},
    ):  # fmt: skip
        for door in ("/admin/employees/employee/cari/", "/admin/autocomplete/"):
            assert hr.get(door, {**asked, **change}).status_code in {403, 404}, change
    # Accounts are on a list of HR; the search of people does not hand them out.
    assert hr.get("/admin/employees/employee/cari/", {**asked, "model_name": "accesstoken", "field_name": "user"}).status_code == 403
    for role in ("pengelola", "inspektorat", "pegawai"):
        assert signed_in(world, role).get("/admin/employees/employee/cari/", asked).status_code == 403
