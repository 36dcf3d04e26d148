"""Whether the process lives and whether it can answer, for those who run it."""

from flask import Blueprint, Response

from mapsvc.errors import StoreUnavailable
from mapsvc.web.api.routes import json_response
from mapsvc.web.common.context import council
from mapsvc.web.common.errors import words_of

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return json_response({"status": "alive"})


@blueprint.get("/readyz")
def ready() -> Response:
    """Ready with edition numbers; `degraded` says what residents miss. 503 without a store."""
    try:
        moment = council().moment
    except StoreUnavailable as error:
        return json_response(
            {"ready": False, "editions": {}, "degraded": [words_of(error)]}, status=503
        )
    editions = {
        " ".join(filter(None, (e.kind, e.service, str(e.season or "")))): e.number
        for e in moment.atlas.editions
    }
    kinds = {edition.kind for edition in moment.atlas.editions}
    missing = [kind for kind in ("gazetteer", "schedule") if kind not in kinds]
    degraded = [f"no {kind} is published" for kind in missing]
    if council().is_behind:
        degraded.append("what was published last could not be read")
    return json_response({"ready": True, "editions": editions, "degraded": degraded})
