from .cases import ServiceCase, ServiceEvent
from .intake import AccountAlias, EventConflict, EventSource
from .services import ServiceStandard, ServiceType

__all__ = ["AccountAlias", "EventConflict", "EventSource", "ServiceCase", "ServiceEvent", "ServiceStandard", "ServiceType"]
