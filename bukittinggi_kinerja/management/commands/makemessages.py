"""Gathers texts for the catalogues; knows the short names under which this code marks them."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=lazy", "--keyword=plazy:1c,2"]
