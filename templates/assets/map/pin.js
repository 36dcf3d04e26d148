// Where a problem is, marked on the map by the person who reports it: with a press, with Enter
// under the cross in the middle, or with the button below. It travels in two fields of the form.
(function (mapsvc) {
  "use strict";

  mapsvc.keepPin = function (map) {
    var box = document.getElementById("point"), form = box.closest("form");
    var said = box.querySelector("[role=status]"), put = box.querySelector("[data-put]"), off = box.querySelector("[data-off]");
    var icon = L.divIcon({ className: "app-map__pin", iconSize: [32, 44], iconAnchor: [16, 43] });
    var pin = L.marker([0, 0], { icon: icon, interactive: false, keyboard: false, zIndexOffset: 2000 }); // above issues

    if (document.activeElement === mapsvc.place) {
      // It had the focus before there was a map, which listens to keys from the next focus on.
      mapsvc.place.blur();
      mapsvc.place.focus({ preventScroll: true });
    }
    mapsvc.tellAt = mark; // here a press says where it is, and asks nothing
    mapsvc.tellIssues = function (those, number, at) {
      if (those[0].number) map.setView(at, map.getZoom() + 2); // they are merged: nobody pressed their middle
      else mark(at);
    };
    put.addEventListener("click", function () { mark(map.getCenter()); });
    off.addEventListener("click", function () {
      pin.remove();
      form.lat.value = form.lon.value = "";
      say(said.dataset.wordsOff);
      put.focus();
      off.hidden = true;
    });
    mapsvc.place.addEventListener("keydown", function (event) {
      // Enter in the choice of layers would send the form.
      if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
    });
    if (form.lat.value && form.lon.value) restore(Number(form.lat.value), Number(form.lon.value));

    function restore(lat, lon) {
      if (!isFinite(lat) || !isFinite(lon) || Math.abs(lat) > 85 || Math.abs(lon) > 180) return;
      mark(L.latLng(lat, lon));
    }

    function mark(at) {
      pin.setLatLng(at).addTo(map);
      form.lat.value = at.lat.toFixed(5);
      form.lon.value = at.wrap().lng.toFixed(5);
      off.hidden = false;
      say(said.dataset.wordsOn);
    }

    function say(words) { said.textContent = words; }
  };
})(window.mapsvc);
