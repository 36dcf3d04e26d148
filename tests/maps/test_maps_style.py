"""Statuses can be told apart by colour, also by colour-blind eyes, by line and by symbol."""

from itertools import combinations

import numpy as np
import pytest

from mapsvc.domain.status import Status
from mapsvc.maps.style import LAND, LOOKS

# Severity 1.0 of Machado, Oliveira and Fernandes (2009), for linear RGB.
EYES = {
    "usual": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
         [0.004733, 0.691367, 0.303900]]
    ),
}  # fmt: skip
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], LUMINANCE, [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.95047, 1, 1.08883])


def linear(colour: str) -> np.ndarray:
    part = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def contrast(colour: str, other: str) -> float:
    light, dark = sorted((float(linear(c) @ LUMINANCE) for c in (colour, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(colour: str, eye: np.ndarray) -> np.ndarray:
    xyz = TO_XYZ @ np.clip(eye @ linear(colour), 0, 1) / WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_every_status_has_a_look() -> None:
    assert set(LOOKS) == set(Status)


@pytest.mark.parametrize("status", Status)
def test_a_status_stands_out_from_the_land_and_its_symbol_from_it(status: Status) -> None:
    assert contrast(LOOKS[status].colour, LAND) >= 3
    assert contrast(LOOKS[status].colour, "#ffffff") >= 3


@pytest.mark.parametrize("eye", EYES)
def test_no_two_statuses_look_alike(eye: str) -> None:
    seen = {status: lab(look.colour, EYES[eye]) for status, look in LOOKS.items()}

    apart = {(a, b): np.linalg.norm(seen[a] - seen[b]) for a, b in combinations(seen, 2)}

    assert {pair: distance for pair, distance in apart.items() if distance < 20} == {}


def test_only_one_status_is_nearly_black() -> None:
    """Dark colours look alike in a dot, a thin line or on a poor screen, whatever their hue."""
    dark = [s for s, look in LOOKS.items() if lab(look.colour, EYES["usual"])[0] < 20]

    assert dark == [Status.UNKNOWN]


def test_no_two_statuses_share_a_line_or_a_symbol() -> None:
    assert len({look.dash for look in LOOKS.values()}) == len(LOOKS)
    assert len({look.symbol for look in LOOKS.values()}) == len(LOOKS)
