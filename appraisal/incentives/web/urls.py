"""Routes."""

from __future__ import annotations

from .board import urlpatterns

__all__ = ["urlpatterns"]
