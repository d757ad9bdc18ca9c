"""GET /healthz: which parts of the system live. For machines, so without login and without words for people."""

from django.db import Error, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bukittinggi_kinerja.heartbeat import parts_alive

DATABASE_TIMEOUT_MILLISECONDS = 2000


@transaction.non_atomic_requests
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all parts were seen within a minute, else 503 with the parts that are down."""
    alive = {"web": True, "database": database_answers(), **parts_alive()}
    parts = {part: "ok" if lives else "down" for part, lives in alive.items()}
    healthy = all(alive.values())
    body = {"status": "ok" if healthy else "down", "parts": parts}
    return JsonResponse(body, status=200 if healthy else 503, json_dumps_params={"separators": (",", ":")})


def database_answers() -> bool:
    """True when the database answers a trivial question in time."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [DATABASE_TIMEOUT_MILLISECONDS])
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except Error:
        # A connection that broke must not answer the next question either.
        connection.close()
        return False
