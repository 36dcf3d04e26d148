"""The lines of HTML that another site pastes to show the map, and where they lead."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from flask import render_template, request

from mapsvc.errors import StreetMoved
from mapsvc.services.answers.streets import LONGEST_QUERY
from mapsvc.services.answers.teller import find_street
from mapsvc.web.common.context import council

HEIGHT, LEAST_HEIGHT, MOST_HEIGHT = 720, 200, 5_000


@dataclass(frozen=True, slots=True)
class Frame:
    """What a frame shows: `path` on this service, and `title`, which screen readers say."""

    path: str
    title: str

    def html(self, width: str, height: int) -> str:
        """The iframe, sizes in CSS pixels; `width` may be a percentage."""
        return render_template(
            "embed_frame.html", frame=self, width=width, height=height, address=public_address()
        )


def frame_of_council() -> Frame:
    """The search and the map."""
    return Frame("/embed", f"Grass cutting, {council().settings.council_name}")


def frame_of_street(street_id: str) -> Frame:
    """The answer for a street, under the id that it has now. NotFound when there is none."""
    try:
        street = find_street(council().moment, street_id)
    except StreetMoved as moved:
        street = find_street(council().moment, moved.new_id)
    return Frame(f"/embed/streets/{quote(street.id, safe='')}", f"Grass on {street.full_name}")


def search_form() -> str:
    """A form that leads to the search: for pages that want no frame."""
    return render_template("embed_form.html", address=public_address(), longest=LONGEST_QUERY)


def height_script() -> str:
    """What makes the host page's frames as tall as their content."""
    return render_template(
        "embed_height.html", origin=public_origin(), least=LEAST_HEIGHT, most=MOST_HEIGHT
    )


def public_address() -> str:
    """Where residents reach this service: MAPSVC_PUBLIC_URL, else how this request did."""
    return council().settings.public_url or request.host_url.rstrip("/")


def public_origin() -> str:
    """Its scheme, host and port, as content security policies write them."""
    address = urlsplit(public_address())
    return f"{address.scheme}://{address.netloc}"
