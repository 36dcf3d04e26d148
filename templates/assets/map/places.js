// Settlements: names that lie across tiles, and below the zoom of rounds a ring for their grass.
// Rounds have a ring from there on, until each verge is drawn.
// A name is a text node in an element of its own.
(function (mapsvc) {
  "use strict";
  // The zoom from which a name alone is shown, and the last one that shows names.
  var FROM_ZOOM = { city: 7, town: 9, village: 11, suburb: 13, hamlet: 13, other: 13 }, LAST_NAMED = 14;
  var measure = document.createElement("canvas").getContext("2d");

  mapsvc.showPlaces = function (map, layer) {
    var places = mapsvc.places = new Map(), options = layer.options, waiting = null, latest;

    function levelOf(zoom) {
      return zoom <= options.wideUpTo ? "wide" : zoom < options.roundsFrom ? "local" : "name";
    }

    function learn(event) {
      event.spots.forEach(function (spot) {
        var about = spot.properties, at = spot.geometry.coordinates, level = "ring" in about ? "ring" : levelOf(event.zoom);
        var key = [level, about.area || about.place || about.ring, at].join();
        var kind = about.kind in FROM_ZOOM ? about.kind : "other";
        if (!places.has(key)) places.set(key, { about: about, at: L.latLng(at[1], at[0]), level: level, kind: kind, radius: 0 });
      });
      soon();
    }

    // What a place has on the map, when it is shown first.
    function make(known) {
      var element = known.element = document.createElement("div");
      element.setAttribute("aria-hidden", "true"); // the list says names with what is true there
      known.name = mapsvc.add(element, "span", known.about.place || "", "app-map__name");
      known.name.hidden = true;
      var icon = L.divIcon({ className: "app-map__place app-map__place--" + known.kind, html: element, iconSize: null });
      known.marker = L.marker(known.at, { icon: icon, interactive: false, keyboard: false });
      measure.font = "700 " + (/^(town|city)$/.test(known.kind) ? 17 : 13) + "px system-ui, sans-serif";
      known.width = measure.measureText(known.about.place || "").width;
    }

    function isShown(known, zoom) {
      if (known.level === "ring") return levelOf(zoom) === "name" && zoom < options.detailFrom && share(known);
      return known.level === levelOf(zoom) && zoom <= LAST_NAMED && (share(known) || zoom >= FROM_ZOOM[known.kind]);
    }

    // How the grass divides that a settlement or a round stands for.
    function share(known) {
      var about = known.about;
      return layer.parts.verges && ("ring" in about ? layer.status.round(about.ring) : about.area && layer.status.area(about.area));
    }

    // A newer round of showing ends the one before.
    function show() {
      var zoom = map.getZoom(), shown = latest = [];
      places.forEach(function (known) {
        if (isShown(known, zoom)) shown.push(known);
        else if (known.marker) known.marker.remove();
      });
      function isLatest() { return shown === latest; }
      mapsvc.inTurns(shown, isLatest, function (known) {
        if (!known.marker) make(known);
        known.marker.addTo(map);
        draw(known, share(known));
      }).then(function () { if (isLatest()) placeNames(shown.slice()); });
    }

    function draw(known, found) {
      var size = map.getZoom() < 9 ? 0.8 : 1, drawn = found ? JSON.stringify([found, size]) : "";
      if (known.drawn === drawn) return;
      known.drawn = drawn;
      known.radius = found ? size * Math.min(20 + Math.sqrt(found.streets) / 4, 28) : 0;
      if (known.ring) known.ring.remove();
      known.ring = found && layer.status.ring(found, known.radius);
      if (known.ring) known.element.prepend(known.ring);
      if (known.ring) known.ring.setAttribute("class", "app-map__ring");
    }

    // Where two rings of rounds or two names would cover each other, the one of more streets
    // stays; no name covers a ring. A name alone may stand a little above or below its place.
    function placeNames(shown) {
      var taken = [];
      shown.sort(function (a, b) { return weight(b) - weight(a); });
      shown.forEach(function (known) {
        var side = known.radius - 2, box = boxOf(known, 0, side, side);
        known.isCovered = known.level === "ring" && !isFree(box);
        if (known.radius && !known.isCovered) taken.push(box);
        if (known.ring) known.ring.style.display = known.isCovered ? "none" : "";
      });
      shown.forEach(function (known) {
        var down = known.width && (known.radius ? [known.radius + 10] : [0, 36, -36]).find(function (down) {
          return isFree(boxOf(known, down, known.width / 2, 9));
        });
        known.name.hidden = !known.width || down === undefined;
        if (known.name.hidden) return;
        taken.push(boxOf(known, down, known.width / 2, 9));
        known.name.style.top = down + "px";
      });

      function isFree(box) {
        return !taken.some(function (other) {
          return box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3];
        });
      }
    }

    function boxOf(known, down, aside, above) {
      var at = map.latLngToLayerPoint(known.at);
      return [at.x - aside, at.y + down - above, at.x + aside, at.y + down + above];
    }

    function weight(known) {
      var found = share(known);
      return (found ? found.streets : 0) + { city: 3, town: 2, village: 1 }[known.kind] / 10 || 0;
    }

    function soon() {
      if (!waiting) waiting = mapsvc.turn().then(function () { waiting = null; show(); });
    }

    layer.on("spots", learn).on("repaint", soon);
    map.on("zoomend", soon);

    // The settlement or round whose ring is at a position, and the settlements whose ring is in view.
    mapsvc.ringAt = function (latlng, touch) {
      var point = map.latLngToLayerPoint(latlng), best = null;
      rings().forEach(function (known) {
        var away = map.latLngToLayerPoint(known.at).distanceTo(point);
        if (away <= Math.max(known.radius, touch || 22) && (!best || away < best.away)) best = { away: away, known: known };
      });
      return best && best.known;
    };

    mapsvc.areasIn = function (bounds) {
      return rings().filter(function (known) { return known.about.area && bounds.contains(known.at); });
    };

    // The statuses of which the rings in view have a share.
    mapsvc.sharesIn = function (bounds) {
      return rings().filter(function (known) { return bounds.contains(known.at); })
        .reduce(function (codes, known) { return codes.concat(Object.keys(share(known).shares)); }, []);
    };

    function rings() {
      var found = [], zoom = map.getZoom();
      places.forEach(function (known) { if (isShown(known, zoom) && share(known) && !known.isCovered) found.push(known); });
      return found;
    }
  };
})(window.mapsvc);
