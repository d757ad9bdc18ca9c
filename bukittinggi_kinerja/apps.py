from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class RootConfig(AppConfig):
    """The composition root: commands, home and what crosses apps."""

    name = "bukittinggi_kinerja"
    label = "root"
    verbose_name = "Kinerja Bukittinggi"


class AdministrationConfig(AdminConfig):
    """Django's admin behind our own door."""

    default_site = "bukittinggi_kinerja.common.admin_site.CityAdminSite"
