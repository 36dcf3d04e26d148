"""The browser's half of `bench_map.py`: what a phone loads, waits for and feels."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
from playwright.sync_api import Browser, Page, sync_playwright

from mapsvc.config import Settings
from mapsvc.services.state.council import Council

Say = Callable[..., None]

PHONE = {"width": 390, "height": 844}
OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--js-flags=--expose-gc"]
SLOW_LINE = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}
"""400 kbit/s and 400 ms."""
YEAR = 2026

PAN = """async ([steps, pixels, name]) => {
  const map = name ? window[name] : mapsvc.shown;
  const frames = []; let last = performance.now(), going = true;
  const watch = now => {
    frames.push(now - last);
    last = now;
    if (going) requestAnimationFrame(watch);
  };
  requestAnimationFrame(watch);
  for (let i = 0; i < steps; i++) {
    const side = [[1, 0], [0, 1], [-1, 0], [0, -1]][Math.floor(i / (steps / 4)) % 4];
    map.panBy([side[0] * pixels, side[1] * pixels], { animate: true, duration: 0.25 });
    await new Promise(done => setTimeout(done, 300));
  }
  going = false;
  return frames.slice(2);
}"""


def measure_browser(address: str, data: Path, say: Say) -> None:
    """Everything that needs a browser, over the served county."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=OPTIONS)
        for path, limit in (("/embed", 70), ("/", 120), ("/map", 120)):
            first_view(browser, address + path, say, f"{path}, script on", limit, scripts=True)
        street = a_street(data)
        first_view(
            browser, f"{address}/streets/{street}", say, "a street, script off", 40, scripts=False
        )
        for path in (f"/map?street={street}", "/map", "/embed"):
            slow_line(browser, address, say, path)
        pan(browser, address, say)
        plain_folium(browser, data, say)
        browser.close()


def a_street(data: Path) -> str:
    """A street with grass."""
    council = Council.open(Settings(data=data))
    found = next(iter(council.moment.atlas.book(YEAR).by_street))
    council.close()
    return found


def opened(browser: Browser, *, scripts: bool = True) -> Page:
    """A page of a phone."""
    return browser.new_context(viewport=PHONE, java_script_enabled=scripts).new_page()  # type: ignore[arg-type]


def first_view(
    browser: Browser, url: str, say: Say, name: str, limit: int, *, scripts: bool
) -> None:
    """Bytes on the wire, headers too, until nothing more is asked for."""
    page = opened(browser, scripts=scripts)
    session = page.context.new_cdp_session(page)
    loaded: dict[str, float] = {}
    hosts: list[str] = []
    session.on(
        "Network.loadingFinished", lambda e: loaded.update({e["requestId"]: e["encodedDataLength"]})
    )
    session.on("Network.requestWillBeSent", lambda e: hosts.append(e["request"]["url"]))
    session.send("Network.enable")
    page.goto(url, wait_until="networkidle")
    page.wait_for_timeout(2_500)
    own = url.split("/")[2]
    others = [host for host in hosts if not host.startswith("data:") and host.split("/")[2] != own]
    asked = len([host for host in hosts if not host.startswith("data:")])
    say(f"{name}: KB of the first view", f"{sum(loaded.values()) / 1024:.1f}", f"<= {limit}")
    say(f"{name}: requests, to other hosts", f"{asked}, {len(others)}", "<= 15, 0")
    page.context.close()


def slow_line(browser: Browser, address: str, say: Say, path: str) -> None:
    """First paint and a map that can be used, at 400 kbit/s, 400 ms and a quarter of the CPU."""
    page = opened(browser)
    page.goto("about:blank")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    start = time.perf_counter()
    page.goto(address + path, wait_until="commit")
    page.wait_for_selector("#map", state="attached")
    page.evaluate("document.getElementById('map').scrollIntoView()")
    page.wait_for_selector("#map.app-map--drawn", timeout=60_000)
    usable = time.perf_counter() - start
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    say(f"{path.split('?')[0]}, slow line: first paint, s", f"{paint / 1000:.1f}", "<= 2")
    say(f"{path.split('?')[0]}, slow line: usable map, s", f"{usable:.1f}", "<= 5")
    page.context.close()


def pan(browser: Browser, address: str, say: Say) -> None:
    """Frames while somebody pans over the county town, and the heap over 100 pans."""
    page = opened(browser)
    session = page.context.new_cdp_session(page)
    for zoom in range(12, 17):
        page.goto(f"{address}/map#map={zoom}/52.36000/-2.82000")
        page.reload(wait_until="load")
        page.evaluate("document.getElementById('map').scrollIntoView()")
        page.wait_for_selector("#map.app-map--drawn", timeout=60_000)
        report_frames(page.evaluate(PAN, [24, 150]), say, f"pan at z{zoom}")
    page.evaluate(PAN, [20, 150])
    before = heap(session)
    page.evaluate(PAN, [100, 150])
    say("heap after 100 pans against before", f"{heap(session) / before:.2f}", "flat")
    page.context.close()


def heap(session: Any) -> float:
    """Bytes of JavaScript in use, after a collection."""
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"])


def report_frames(frames: list[float], say: Say, name: str) -> None:
    """The 95th percentile and the longest frame."""
    found = f"{statistics.quantiles(frames, n=20)[-1]:.0f}, {max(frames):.0f}"
    say(f"{name}: 95th percentile and longest frame, ms", found, "<= 50, <= 200")


def plain_folium(browser: Browser, data: Path, say: Say) -> None:
    """The same grass in a plain `folium.GeoJson`: what the page weighs and how it pans."""
    council = Council.open(Settings(data=data))
    verges = list(council.moment.atlas.book(YEAR).verges.values())
    frame = gpd.GeoDataFrame(
        {"id": [verge.id for verge in verges], "round": [verge.round for verge in verges]},
        geometry=[verge.geometry for verge in verges],
        crs=council.settings.crs,
    )
    council.close()
    start = time.perf_counter()
    plain = folium.Map([52.36, -2.82], zoom_start=13, prefer_canvas=True)
    folium.GeoJson(frame.to_crs("EPSG:4326")).add_to(plain)
    text = plain.get_root().render()
    say("plain folium.GeoJson: build and render, ms", round((time.perf_counter() - start) * 1000))
    say("plain folium.GeoJson: KB of its page, not packed", round(len(text) / 1024))
    page = opened(browser)
    # Its scripts come from other hosts; ours stand in for the one it needs.
    leaflet = Path(__file__).resolve().parent.parent / "node_modules/leaflet/dist/leaflet.js"
    page.route(
        "**/*",
        lambda route: (
            route.fulfill(path=leaflet) if "leaflet.js" in route.request.url else route.abort()
        ),
    )
    start = time.perf_counter()
    page.set_content(text, wait_until="load", timeout=120_000)
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    say(
        "plain folium.GeoJson: until it is drawn, no slow line, s",
        f"{time.perf_counter() - start:.1f}",
    )
    report_frames(
        page.evaluate(PAN, [24, 150, plain.get_name()]), say, "plain folium.GeoJson: pan at z13"
    )
    page.context.close()
