"""What is kept of bodies: so many bytes, the ones asked for last, one for each way to pack them."""

from collections.abc import Iterable
from typing import Any

from mapsvc.web.common.body_cache import OVERHEAD, Kept, kept_body
from mapsvc.web.common.tile_middleware import WarmTiles


def test_bodies_are_kept_up_to_so_many_bytes_and_the_one_asked_for_last_stays() -> None:
    kept, made = Kept(2 * (OVERHEAD + 100)), []

    def ask(key: str) -> None:
        kept.body(key, 1, lambda: 0, lambda: made.append(key) or kept_body("x" * 100))  # type: ignore[func-returns-value]

    for key in ("a", "b", "a", "c", "a", "b"):
        ask(key)

    assert made == ["a", "b", "c", "b"]


def test_a_body_larger_than_all_that_is_kept_is_answered_all_the_same() -> None:
    kept = Kept(10)

    body = kept.body("a", 1, lambda: 0, lambda: kept_body("x" * 100))

    assert body.content == b"x" * 100


def test_a_body_is_made_anew_only_where_its_stamp_changed() -> None:
    kept, made = Kept(10_000), []

    def ask(moment: int, stamp: str) -> None:
        kept.body("a", moment, lambda: stamp, lambda: made.append(moment) or kept_body("x"))  # type: ignore[func-returns-value]

    for moment, stamp in ((1, "s"), (1, "t"), (2, "s"), (3, "t")):
        ask(moment, stamp)

    assert made == [1, 3]


def test_a_tile_is_kept_once_for_all_browsers_that_read_gzip() -> None:
    asked = []

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        asked.append(environ["HTTP_ACCEPT_ENCODING"])
        start_response("200 OK", [("Content-Type", "application/geo+json")])
        return [b"{}"]

    tiles = WarmTiles(app)
    for accepted in ("gzip", "gzip, br", "br, gzip;q=0.5", "identity", "gzip;q=0", "gzip"):
        environ = {
            "PATH_INFO": "/tiles/e/1/1/1.json",
            "REQUEST_METHOD": "GET",
            "HTTP_ACCEPT_ENCODING": accepted,
        }
        assert b"".join(tiles(environ, lambda *_: None)) == b"{}"  # type: ignore[arg-type, return-value]

    assert asked == ["gzip", "identity"]
