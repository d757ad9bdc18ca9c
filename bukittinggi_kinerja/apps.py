from django.apps import AppConfig


class RootConfig(AppConfig):
    """The composition root: commands, home and what crosses apps."""

    name = "bukittinggi_kinerja"
    label = "root"
    verbose_name = "Kinerja Bukittinggi"
