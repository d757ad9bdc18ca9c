"""The scoring statement against plain SQL that inserts the very same rows, turn by turn in one run."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable, Iterator

from django.db import connection

from appraisal.models import AppraisalPolicy, Assessment, Score, ScoredIndicator
from appraisal.queries.inputs import SNAPSHOT_FIELDS, live_inputs
from appraisal.services.reference import load_reference as load_policy
from appraisal.services.scoring import SCORE_FIELDS, scores_of
from bukittinggi_kinerja.common.sets import insert_from
from employees.services.reference import load_reference as load_people

ROUNDS = 5
NOW = dt.datetime(2026, 11, 9, tzinfo=dt.UTC)

#: A made-up country: one unit, one post, three indicators a person, one entry each, marks by arithmetic.
COUNTRY = """
INSERT INTO employees_orgunit (code, name, kind, path, full_name, valid, updated_at)
  VALUES ('X', 'Unit', 'OPD', 'X/', 'Unit', '[2020-01-01,)', now());
INSERT INTO employees_position (title, kind, group_id)
  SELECT 'Pengolah', 'PELAKSANA', id FROM employees_staffgroup WHERE code = 'UMUM';
INSERT INTO employees_employee (nip, name, kind, sex, email, status, updated_at)
  SELECT lpad(n::text, 18, '0'), 'Pegawai ' || n, 'PNS', 'L', '', 'AKTIF', now() FROM generate_series(1, {people}) n;
INSERT INTO appraisal_performanceplan (employee_id, unit_id, position_id, year, valid, approach, state, behaviour_expectations,
    signed_by_employee_at, signed_by_assessor_at, revision, revision_reason, version, updated_at)
  SELECT e.id, (SELECT id FROM employees_orgunit), (SELECT max(id) FROM employees_position), 2026, '[2026-01-01,2027-01-01)',
    'KUANTITATIF', 'DITETAPKAN', '{{}}', now(), now(), 0, '', 1, now() FROM employees_employee e ORDER BY e.id;
INSERT INTO appraisal_workresult (plan_id, kind, title, "order")
  SELECT id, 'UTAMA', 'Hasil', 1 FROM appraisal_performanceplan ORDER BY id;
INSERT INTO appraisal_indicator (work_result_id, plan_id, name, aspect, unit_name, form, direction, accumulation, target, statement,
    weight, measure, "order")
  SELECT w.id, w.plan_id, 'Indikator ' || k, 'KUANTITAS', 'berkas', 'TUNGGAL', (ARRAY['NAIK','TURUN','NAIK'])[k],
    (ARRAY['SUM','LAST','MEAN'])[k], 97, '', 20 * k, '', k FROM appraisal_workresult w, generate_series(1, 3) k ORDER BY w.id, k;
INSERT INTO appraisal_periodtarget (indicator_id, period, start, "end", target)
  SELECT id, '2026-10', '2026-10-01', '2026-11-01', 97 FROM appraisal_indicator ORDER BY id;
INSERT INTO appraisal_progressentry (target_id, employee_id, value, note, source, sources, entered_at, withdrawal_reason, updated_at)
  SELECT t.id, p.employee_id, 60 + (t.id * 7919) % 60, '', 'MANUAL', '[]', now(), '', now()
  FROM appraisal_periodtarget t JOIN appraisal_indicator i ON i.id = t.indicator_id
  JOIN appraisal_performanceplan p ON p.id = i.plan_id WHERE t.id % 17 > 0 ORDER BY t.id;
INSERT INTO appraisal_cycle (period, kind, group_id, policy_id, start, "end", state, progress_due, rating_due, version, updated_at)
  SELECT '2026-10', 'BULAN', g.id, p.id, '2026-10-01', '2026-11-01', 'DITUTUP', now(), now(), 1, now()
  FROM employees_staffgroup g, appraisal_appraisalpolicy p WHERE g.code = 'UMUM';
INSERT INTO appraisal_assessment (cycle_id, plan_id, employee_id, stretch_start, stretch_end, unit_id, rated_by_id, version, is_current, state, state_reason,
    result_rating, behaviour_rating, mark_bp, mark_ak, mark_ko, mark_ha, mark_lo, mark_ad, mark_kl,
    result_reason, behaviour_reason, note, receipt, revision, updated_at)
  SELECT c.id, p.id, p.employee_id, c.start, c."end", p.unit_id, (SELECT max(id) FROM employees_employee) + 0, 1, true, 'DRAF', '',
    1 + p.id % 3, 1 + p.id % 2, 1 + p.id % 3, 2, 3, 2, 1 + p.id % 3, NULL, 2, '', '', '', '', 1, now()
  FROM appraisal_performanceplan p, appraisal_cycle c
  WHERE p.employee_id < (SELECT max(id) FROM employees_employee) ORDER BY p.id;
ANALYZE;
"""


def measure(*, people: int) -> Iterator[str]:
    """Lines of the table, each figure with its minimum and maximum over the rounds."""
    load_people()
    load_policy()
    with connection.cursor() as cursor:
        cursor.execute(COUNTRY.format(people=people))
    policy = AppraisalPolicy.objects.get()
    cases = Assessment.objects.all()
    yield f"Orang: {cases.count()}, indikator: {cases.count() * 3}, putaran: {ROUNDS}"
    freeze = _turns(
        "appraisal_scoredindicator",
        ", ".join(ScoredIndicator._meta.get_field(f).column for f in SNAPSHOT_FIELDS),
        lambda: insert_from(ScoredIndicator, SNAPSHOT_FIELDS, live_inputs(cases, policy=policy)),
    )
    yield from _row("membekukan masukan (3 baris per orang)", *freeze)
    score = _turns(
        "appraisal_score",
        ", ".join(Score._meta.get_field(f).column for f in SCORE_FIELDS),
        lambda: insert_from(Score, SCORE_FIELDS, scores_of(cases, policy=policy, now=NOW)),
    )
    yield from _row("pernyataan penilaian (1 baris per orang)", *score)


def _turns(table: str, columns: str, by_rule: Callable[[], int]) -> tuple[list[float], list[float]]:
    """Seconds of the rule and of plain SQL for the same rows into the same empty table, in turn; the rule's rows stay."""
    _timed(by_rule)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DROP TABLE IF EXISTS computed; CREATE TABLE computed AS SELECT {columns} FROM {table} ORDER BY 1, 2; ANALYZE computed"
        )
    ruled, plain = [], []
    for _round in range(ROUNDS):
        _emptied(table)
        plain.append(_timed(lambda: _execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM computed")))
        _emptied(table)
        ruled.append(_timed(by_rule))
    return ruled, plain


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _emptied(table: str) -> None:
    """As new: a table that only grows is emptied by its owner, for the bench alone."""
    _execute(
        f"ALTER TABLE {table} DISABLE TRIGGER USER; TRUNCATE {table} RESTART IDENTITY CASCADE; ALTER TABLE {table} ENABLE TRIGGER USER"
    )


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _row(what: str, ruled: list[float], plain: list[float]) -> Iterator[str]:
    ratios = [r / p for r, p in zip(ruled, plain, strict=True)]
    yield (
        f"{what}: rasio aturan / SQL polos {statistics.median(ratios):.2f} (min {min(ratios):.2f}, maks {max(ratios):.2f}); "
        f"detik {statistics.median(ruled):.2f} / {statistics.median(plain):.2f}"
    )
