from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "bukittinggi_kinerja.common"
    label = "common"
    verbose_name = "Dasar"
    default_auto_field = "django.db.models.BigAutoField"
