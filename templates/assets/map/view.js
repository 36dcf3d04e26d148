// Where the map looks: its first view, the address that keeps it, the keyboard, and what it says
// when something is missing. These files are built into one script, in the order of the build.
window.mapsvc = { place: document.getElementById("map") };
(function (mapsvc) {
  "use strict";
  var place = mapsvc.place;
  var CLOSE = 14; // the zoom from which tiles have each verge
  var VIEW = /^#map=(\d{1,2})\/(-?\d{1,2}(?:\.\d{1,9})?)\/(-?\d{1,3}(?:\.\d{1,9})?)$/;

  mapsvc.map = function (options) {
    var isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    options.attributionControl = false;
    options.zoomAnimation = options.fadeAnimation = options.markerZoomAnimation = options.inertia = !isStill;
    var map = mapsvc.shown = L.map(place, options);
    // A turn of its own, as all these take long: what is added to the map waits for its view.
    mapsvc.turn().then(function () {
      look(map);
      L.control.scale({ imperial: false }).addTo(map);
      keepView(map);
      obeyKeys(map);
    });
    return map;
  };

  function look(map) {
    var box = JSON.parse(place.dataset.bounds);
    if (goTo(map, location.hash)) return;
    map.fitBounds([[box[1], box[0]], [box[3], box[2]]], { animate: false });
    // A long lane is shown in part, but close enough to see its grass.
    if (place.dataset.street && map.getZoom() < CLOSE) map.setZoom(CLOSE, { animate: false });
  }

  // Controls wait for the view, as layers do.
  var addTo = L.Control.prototype.addTo;
  L.Control.include({
    addTo: function (map) {
      map.whenReady(function () { addTo.call(this, map); }, this);
      return this;
    }
  });

  // Nonsense after the # is no view, and changes nothing.
  function goTo(map, hash) {
    var found = VIEW.exec(hash), lat = found && Number(found[2]), lon = found && Number(found[3]);
    if (!found || Math.abs(lat) > 85 || Math.abs(lon) > 180) return false;
    var zoom = Math.min(Math.max(Number(found[1]), map.options.minZoom), map.options.maxZoom);
    map.setView([lat, lon], zoom, { animate: false });
    return true;
  }

  function keepView(map) {
    var own = "";
    function keep() {
      var at = map.getCenter();
      own = "#map=" + [map.getZoom(), at.lat.toFixed(5), at.lng.toFixed(5)].join("/");
      document.querySelectorAll("a[data-keeps-view]").forEach(function (link) { link.hash = own; });
      if (!("keepsView" in place.dataset)) return;
      try { history.replaceState(null, "", own); } catch (refused) { /* a sandbox may say no */ }
    }
    map.on("moveend", keep);
    document.querySelectorAll("a[data-keeps-view]").forEach(function (link) { link.addEventListener("focus", keep); });
    window.addEventListener("hashchange", function () { if (location.hash !== own) goTo(map, location.hash); });
  }

  // Leaflet moves with the arrow keys. Enter tells of what is under the cross in the middle.
  function obeyKeys(map) {
    nameLayers();
    place.addEventListener("keydown", function (event) {
      if (event.key === "Enter" && event.target === place) mapsvc.tellAt(map.getCenter(), 60);
      if (event.key === "Enter" && event.target.matches(".leaflet-control-layers-toggle")) setTimeout(intoLayers);
      if (event.key === "Escape" && !outOfLayers()) map.closePopup();
    });
  }

  function nameLayers() {
    var list = place.querySelector(".leaflet-control-layers-list");
    list.setAttribute("role", "group");
    list.setAttribute("aria-label", "Layers");
  }

  // The button goes away when the choice of layers opens: the focus goes on, and comes back.
  function intoLayers() {
    place.querySelector(".leaflet-control-layers-selector").focus({ preventScroll: true });
  }

  function outOfLayers() {
    var open = place.querySelector(".leaflet-control-layers-expanded");
    if (!open) return false;
    open.classList.remove("leaflet-control-layers-expanded");
    open.querySelector(".leaflet-control-layers-toggle").focus({ preventScroll: true });
    return true;
  }

  // A sentence over the map while something is missing; empty text takes it away.
  mapsvc.complain = function (text) {
    var said = place.querySelector(".app-map__trouble");
    if (said && said.textContent === text) return;
    if (said) said.remove();
    if (!text) return;
    mapsvc.add(place, "p", text, "app-map__trouble").setAttribute("role", "status");
  };

  mapsvc.add = function (parent, name, text, className) {
    var child = document.createElement(name);
    if (text) child.textContent = text;
    if (className) child.className = className;
    parent.appendChild(child);
    return child;
  };
})(window.mapsvc);
