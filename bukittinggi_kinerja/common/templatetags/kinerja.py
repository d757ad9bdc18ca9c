"""Filters of the house: numbers, NIP, periods."""

from django import template

register = template.Library()
