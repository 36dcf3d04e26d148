// Open issues from /api/issues, near enough to tell one from another; asked again each minute.
// Where the page names an address of its own, all that is there is shown.
(function (mapsvc) {
  "use strict";
  var FROM_ZOOM = 14, REFRESH_MS = 60000, own = mapsvc.place.dataset.issues;

  var ofStreet = {};

  // What is open on a street, in words, as far as the map asked.
  mapsvc.issuesOf = function (street) { return ofStreet[street] || []; };

  mapsvc.issues = function () { return new Issues(); };

  var Issues = L.LayerGroup.extend({
    onAdd: function (map) {
      L.LayerGroup.prototype.onAdd.call(this, map);
      if (!own) map.on("moveend", this._ask, this);
      this._timer = setInterval(this._ask.bind(this), REFRESH_MS);
      this._ask();
    },

    onRemove: function (map) {
      map.off("moveend", this._ask, this);
      clearInterval(this._timer);
      L.LayerGroup.prototype.onRemove.call(this, map);
    },

    _ask: function () {
      var layer = this, map = this._map;
      if (!map || document.hidden) return;
      if (!own && map.getZoom() < FROM_ZOOM) return this.clearLayers();
      fetch(own || "/api/issues?bbox=" + map.getBounds().toBBoxString()).then(function (answer) {
        return answer.ok ? answer.json() : Promise.reject(answer.status);
      }).then(function (found) { layer._show(found.features); }).catch(function () { /* those shown stay */ });
    },

    _show: function (features) {
      this.clearLayers();
      ofStreet = {};
      features.forEach(function (feature) {
        if (!feature.geometry) return; // the list has it
        var of = feature.properties.street;
        (ofStreet[of] = ofStreet[of] || []).push(feature.properties.sentence);
        var at = L.latLng(feature.geometry.coordinates.slice().reverse()), about = feature.properties;
        var icon = L.divIcon({ className: "app-map__issue", iconSize: [26, 26], html: document.createElement("span") });
        // The list and each street's page say the same: markers are no stops for the keyboard.
        L.marker(at, { icon: icon, keyboard: false, alt: "" }).on("click", function () {
          mapsvc.tellIssue(about, at);
        }).addTo(this);
      }, this);
      this._map.fire("issues");
    }
  });
})(window.mapsvc);
