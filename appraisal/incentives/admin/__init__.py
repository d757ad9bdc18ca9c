"""The admin of services; importing it registers its pages."""

from . import deliveries, records

__all__ = ["deliveries", "records"]
