// The place of a report on the map: what is under the cross. The form is whole without it.
(function () {
  "use strict";
  var box = document.querySelector("[data-pin]");
  if (!box) return;
  var form = box.closest("form"), said = box.querySelector("[role=status]");
  var take = box.querySelector("[data-pin-take]"), off = box.querySelector("[data-pin-off]"), mark = null;
  box.hidden = false;
  show();

  take.addEventListener("click", function () {
    var at = window.mapsvc && window.mapsvc.shown && window.mapsvc.shown.getCenter();
    if (at) put(at.lat.toFixed(6), at.lng.toFixed(6));
  });

  off.addEventListener("click", function () {
    put("", "");
    take.focus();
  });

  function put(lat, lon) {
    form.elements.lat.value = lat;
    form.elements.lon.value = lon;
    show();
  }

  function show() {
    var lat = form.elements.lat.value, lon = form.elements.lon.value, map = window.mapsvc && window.mapsvc.shown;
    said.textContent = lat ? box.dataset.pinTaken : "";
    off.hidden = !lat;
    if (mark) mark.remove();
    mark = lat && map ? window.L.circleMarker([lat, lon], { radius: 12, color: "#0b0c0c", weight: 4, fill: false, interactive: false }).addTo(map) : null;
  }
})();
