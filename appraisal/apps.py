from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppraisalConfig(AppConfig):
    name = "appraisal"
    label = "appraisal"
    verbose_name = _("Penilaian kinerja")
    default_auto_field = "django.db.models.BigAutoField"
