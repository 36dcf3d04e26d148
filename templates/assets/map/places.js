// Settlements: names that lie across tiles, and below the zoom of rounds a disc for their grass.
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
        var about = spot.properties, at = spot.geometry.coordinates, level = levelOf(event.zoom);
        var key = [level, about.area || about.place, at].join();
        var kind = about.kind in FROM_ZOOM ? about.kind : "other";
        if (!places.has(key)) places.set(key, { about: about, at: L.latLng(at[1], at[0]), level: level, kind: kind, radius: 0 });
      });
      soon();
    }

    // What a place has on the map, when it is shown first.
    function make(known) {
      var element = known.element = document.createElement("div");
      element.setAttribute("aria-hidden", "true"); // the list says names with what is true there
      known.name = mapsvc.add(element, "span", known.about.place, "app-map__name");
      known.name.hidden = true;
      var icon = L.divIcon({ className: "app-map__place app-map__place--" + known.kind, html: element, iconSize: null });
      known.marker = L.marker(known.at, { icon: icon, interactive: false, keyboard: false });
      measure.font = "700 " + (/^(town|city)$/.test(known.kind) ? 17 : 13) + "px system-ui, sans-serif";
      known.width = measure.measureText(known.about.place).width;
    }

    function isShown(known, zoom) {
      return known.level === levelOf(zoom) && zoom <= LAST_NAMED && (share(known) || zoom >= FROM_ZOOM[known.kind]);
    }

    function share(known) {
      return known.about.area && layer.parts.verges && layer.status.area(known.about.area);
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
      var size = map.getZoom() < 9 ? 0.6 : 1, drawn = found ? [found.status, found.streets, size].join() : "";
      if (known.drawn === drawn) return;
      known.drawn = drawn;
      known.radius = found ? size * Math.min(10 + Math.sqrt(found.streets) / 3, 20) : 0;
      if (known.disc) known.disc.remove();
      known.disc = found && layer.status.symbol(found.status, known.radius * 2);
      if (known.disc) known.element.prepend(known.disc);
      if (known.disc) known.disc.setAttribute("class", "app-map__disc");
      known.name.style.top = found ? known.radius + 10 + "px" : "0";
    }

    // Where two names would cover each other, the one of more streets stays; none covers a disc.
    function placeNames(shown) {
      var taken = shown.filter(function (known) { return known.radius; }).map(function (known) {
        var at = map.latLngToLayerPoint(known.at), r = known.radius - 2;
        return [at.x - r, at.y - r, at.x + r, at.y + r];
      });
      shown.sort(function (a, b) { return weight(b) - weight(a); }).forEach(function (known) {
        var at = map.latLngToLayerPoint(known.at), top = at.y + (known.radius ? known.radius + 10 : 0);
        var box = [at.x - known.width / 2, top - 9, at.x + known.width / 2, top + 9];
        var isFree = !taken.some(function (other) {
          return box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3];
        });
        known.name.hidden = !isFree;
        if (isFree) taken.push(box);
      });
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

    // The settlement whose disc is at a position, and those whose disc is in view.
    mapsvc.areaAt = function (latlng, touch) {
      var point = map.latLngToLayerPoint(latlng), best = null;
      discs().forEach(function (known) {
        var away = map.latLngToLayerPoint(known.at).distanceTo(point);
        if (away <= Math.max(known.radius, touch || 22) && (!best || away < best.away)) best = { away: away, known: known };
      });
      return best && best.known;
    };

    mapsvc.areasIn = function (bounds) {
      return discs().filter(function (known) { return bounds.contains(known.at); });
    };

    function discs() {
      var found = [], zoom = map.getZoom();
      places.forEach(function (known) { if (isShown(known, zoom) && share(known)) found.push(known); });
      return found;
    }
  };
})(window.mapsvc);
