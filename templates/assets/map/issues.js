// Open issues from /api/issues, which merges them where they would lie on each other; asked again
// within each minute. Where the page names an address of its own, those that it has; where it says that none
// is open, nothing is asked in its first minute.
(function (mapsvc) {
  "use strict";
  var REFRESH_MS = 50000, own = mapsvc.place.dataset.issues;

  var ofStreet = {}, shown = null;

  // What is open on a street, in words, as far as the map asked.
  mapsvc.issuesOf = function (street) { return ofStreet[street] || []; };

  // How many are in view, wherever they are merged.
  mapsvc.issuesIn = function (bounds) {
    var number = 0;
    if (shown) shown.eachLayer(function (marker) { if (bounds.contains(marker.getLatLng())) number += marker.number; });
    return number;
  };

  mapsvc.issues = function () { return (shown = new Issues()); };

  var Issues = L.LayerGroup.extend({
    onAdd: function (map) {
      L.LayerGroup.prototype.onAdd.call(this, map);
      map.on("moveend", this._ask, this);
      this._timer = setInterval(this._refresh.bind(this), REFRESH_MS);
      this._ask();
    },

    onRemove: function (map) {
      map.off("moveend", this._ask, this);
      clearInterval(this._timer);
      if (this._asked) this._asked.abort();
      this.clearLayers();
      map.fire("issues");
    },

    _refresh: function () {
      delete mapsvc.place.dataset.noIssues;
      this._ask();
    },

    _ask: function () {
      var layer = this, map = this._map;
      if (!map || document.hidden || "noIssues" in mapsvc.place.dataset) return;
      if (this._asked) this._asked.abort();
      this._asked = new AbortController();
      fetch(address(map), { signal: this._asked.signal }).then(function (answer) {
        return answer.ok ? answer.json() : Promise.reject(answer.status);
      }).then(function (found) { layer._show(found.features); }).catch(function () { /* those shown stay */ });
    },

    _show: function (features) {
      var spots = new Map();
      this.clearLayers();
      ofStreet = {};
      features.forEach(function (feature) {
        if (!feature.geometry) return; // the list has it
        var about = feature.properties, at = feature.geometry.coordinates, key = at.join();
        if (about.street) (ofStreet[about.street] = ofStreet[about.street] || []).push(about.sentence);
        if (!spots.has(key)) spots.set(key, { at: L.latLng(at[1], at[0]), those: [] });
        spots.get(key).those.push(about);
      });
      spots.forEach(this._mark, this);
      this._map.fire("issues");
    },

    _mark: function (spot) {
      var html = document.createElement("div"), number = numberOf(spot);
      html.setAttribute("aria-hidden", "true"); // the list says it in words
      mapsvc.add(html, "span");
      if (number > 1) mapsvc.add(html, "b", mapsvc.grouped(number));
      // Beside the ring of a settlement, which its issues lie around, not under it.
      var isFar = this._map.getZoom() < mapsvc.layer.options.roundsFrom;
      var icon = L.divIcon({ className: "app-map__issue", iconSize: [26, 26], iconAnchor: isFar ? [-2, 28] : [13, 13], html: html });
      // Each street's page says the same too: markers are no stops for the keyboard.
      var marker = L.marker(spot.at, { icon: icon, keyboard: false, alt: "", zIndexOffset: 1000 }).addTo(this);
      marker.number = number;
      marker.on("click", function () { mapsvc.tellIssues(spot.those, number, spot.at); });
    }
  });

  // A report without a point lies in the middle of its street, as others may.
  function numberOf(spot) {
    return spot.those.reduce(function (sum, about) { return sum + (about.number || 1); }, 0);
  }

  function address(map) {
    var box = map.getBounds(), sides = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
    var view = "zoom=" + map.getZoom() + "&bbox=" + sides.map(function (side) { return side.toFixed(5); });
    return (own ? own + "&" : "/api/issues?") + view;
  }
})(window.mapsvc);
