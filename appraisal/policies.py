"""May this viewer do this to this assessment, plan or entry: one answer for every door."""

from __future__ import annotations

from django.utils.translation import gettext as _

from appraisal.models import Assessment, PerformancePlan, PlanTemplate, Recomputation
from appraisal.queries.explanation import Sight
from bukittinggi_kinerja.common.errors import NotVisible
from employees.models import OrgUnit
from employees.queries import held_mandate, managed_paths
from employees.rules.viewing import Role, Viewer


def get_assessment(viewer: Viewer, assessment_id: int) -> Assessment:
    """The assessment with what its pages show, or NotVisible."""
    found = (
        Assessment.objects.visible_to(viewer)
        .select_related("cycle__policy", "employee", "unit", "assessor", "rated_by", "plan__position", "score_row__policy", "replaces")
        .filter(pk=assessment_id)
        .first()
    )
    if found is None:
        raise NotVisible(_("Penilaian ini tidak ada, atau bukan untuk Anda."))
    return found


def may_rate(viewer: Viewer, assessment: Assessment) -> bool:
    """The official by the posting of the period, or who holds his mandate today; never oneself."""
    return (
        assessment.assessor_id is not None and assessment.assessor_id in viewer.principals and assessment.employee_id != viewer.employee_id
    )


def in_rating_chain(viewer: Viewer, assessment: Assessment) -> bool:
    """The rater and his superior: the only ones who see marks before they are published.

    Never the person himself, whosever mandate he holds.
    """
    if viewer.employee_id is None or viewer.employee_id == assessment.employee_id:
        return False
    chain = {assessment.assessor_id, assessment.reviewer_id} & viewer.principals
    return bool(chain) or assessment.rated_by_id == viewer.employee_id


def sees_marks(viewer: Viewer, assessment: Assessment) -> bool:
    """Published marks; before, the chain sees its own. What nobody finished in time is nobody's rating."""
    return assessment.published_at is not None or (not assessment.lapsed and in_rating_chain(viewer, assessment))


def may_plan(viewer: Viewer, plan: PerformancePlan) -> bool:
    """The owner writes his own plan."""
    return viewer.employee_id is not None and plan.employee_id == viewer.employee_id


def may_agree(viewer: Viewer, plan: PerformancePlan) -> bool:
    """The assessor of the plan, or who holds his mandate; never the owner."""
    return plan.assessor_id is not None and plan.assessor_id in viewer.principals and plan.employee_id != viewer.employee_id


def manages_unit(viewer: Viewer, unit: OrgUnit) -> bool:
    """The pengelola of an OPD, for its units and all below."""
    return any(unit.path.startswith(path) for path in managed_paths(viewer))


def prepares_plans(viewer: Viewer) -> bool:
    """Drafts for many people at once: HR of the city, pengelola, and who heads a unit."""
    return viewer.is_city_hr or viewer.is_unit_hr or bool(viewer.headed_paths)


def may_see_matrix(viewer: Viewer) -> bool:
    """Who prepares plans, and the auditor."""
    return prepares_plans(viewer) or viewer.sees_all_people


def may_adopt_source(viewer: Viewer) -> bool:
    return viewer.is_city_hr


def may_keep_template(viewer: Viewer, plan: PerformancePlan, *, everywhere: bool) -> bool:
    """For the whole city its HR alone; for a unit also its pengelola and whoever heads it or one above."""
    if everywhere or viewer.is_city_hr:
        return viewer.is_city_hr
    return manages_unit(viewer, plan.unit) or any(plan.unit.path.startswith(path) for path in viewer.headed_paths)


def may_end_template(viewer: Viewer, template: PlanTemplate) -> bool:
    if viewer.is_city_hr or template.unit is None:
        return viewer.is_city_hr
    path = template.unit.path
    return manages_unit(viewer, template.unit) or any(path.startswith(headed) for headed in viewer.headed_paths)


def may_import_plans(viewer: Viewer) -> bool:
    return viewer.is_city_hr or viewer.is_unit_hr


def may_import_results(viewer: Viewer) -> bool:
    return viewer.is_city_hr or viewer.is_unit_hr


def may_import_progress(viewer: Viewer) -> bool:
    """Figures of an OPD come from its own pengelola alone, as on paper."""
    return viewer.is_unit_hr


def may_enter_progress(viewer: Viewer, employee_id: int) -> bool:
    """The person himself; a pengelola who ``manages_unit`` enters on his behalf, with the scan of the signed form."""
    return viewer.employee_id is not None and viewer.employee_id == employee_id


def may_rate_late(viewer: Viewer, assessment: Assessment) -> bool:
    """The rater or his superior, after the ratings closed; never oneself."""
    superior = assessment.reviewer_id is not None and assessment.reviewer_id in viewer.principals
    return may_rate(viewer, assessment) or (superior and assessment.employee_id != viewer.employee_id)


def may_correct(viewer: Viewer, assessment: Assessment) -> bool:
    """The rater or his superior, once the result is published; what was set above the rater, the superior alone. Never oneself."""
    superior = assessment.reviewer_id is not None and assessment.reviewer_id in viewer.principals
    return may_rate_late(viewer, assessment) and (superior or not _set_above(assessment))


def _set_above(assessment: Assessment) -> bool:
    """By the superior or who stood in for him: by anybody but the rater and who held his mandate when it was set.

    Asks the database only where neither of the two officials set it himself.
    """
    by, rater = assessment.rated_by_id, assessment.assessor_id
    if by is None or by == rater:
        return False
    if by == assessment.reviewer_id or rater is None or assessment.rated_at is None:
        return True
    return not held_mandate(of=rater, holder=by, at=assessment.rated_at)


def may_see_control_room(viewer: Viewer) -> bool:
    """HR steers by it; the auditor reads it as he reads everything."""
    return bool(viewer.roles & {Role.CITY_HR, Role.UNIT_HR, Role.AUDITOR})


def may_see_late_changes(viewer: Viewer) -> bool:
    """What became known late, of the whole city: its HR, and who audits it."""
    return viewer.sees_all_people


def may_propose_versions(viewer: Viewer) -> bool:
    return viewer.is_city_hr


def may_approve_versions(viewer: Viewer, proposal: Recomputation) -> bool:
    """Another person of the city's HR than who proposed it; in a case of his own he is asked separately."""
    return viewer.is_city_hr and viewer.user_id != proposal.proposed_by_id


def may_remind_raters(viewer: Viewer) -> bool:
    return bool(viewer.roles & {Role.CITY_HR, Role.UNIT_HR})


def may_move_deadlines(viewer: Viewer) -> bool:
    """City HR alone extends, reopens and enters outages; whoever watches reads the decisions."""
    return Role.CITY_HR in viewer.roles


def sight_of(viewer: Viewer, assessment: Assessment) -> Sight:
    """What of a derivation this viewer sees: the rater himself meets each advice only after his own mark."""
    if assessment.published_at is not None:
        return Sight()
    chain = sees_marks(viewer, assessment)
    own_result = chain and assessment.result_rating is not None
    return Sight(
        marks=chain,
        score=own_result,
        result_advice=own_result,
        behaviour_advice=chain and assessment.behaviour_rating is not None,
    )
