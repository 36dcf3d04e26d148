// The button that shows where somebody is. Few press it, so what it does is loaded when they do:
// until then a button that looks the same stands in its place.
(function () {
  "use strict";
  var place = document.getElementById("map");

  var Waiting = L.Control.extend({
    options: { position: "topleft" },

    onAdd: function (map) {
      var control = this, words = this.options.strings.title;
      var box = L.DomUtil.create("div", "leaflet-control-locate leaflet-bar leaflet-control");
      var button = L.DomUtil.create("a", "leaflet-bar-part leaflet-bar-part-single", box);
      L.DomUtil.create("span", "leaflet-control-locate-location-arrow", button);
      button.href = "#";
      button.title = words;
      button.setAttribute("role", "button");
      button.setAttribute("aria-label", words);
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.on(button, "click", function (event) {
        L.DomEvent.preventDefault(event);
        control._load(map);
      });
      return box;
    },

    _load: function (map) {
      if (this._isLoading) return;
      this._isLoading = true;
      var control = this, script = document.createElement("script");
      script.src = place.dataset.locate;
      script.onload = function () {
        var hadFocus = control.getContainer().contains(document.activeElement);
        control.remove();
        var real = L.control.locate(Object.assign({ onLocationError: refused }, control.options)).addTo(map);
        if (hadFocus) real.getContainer().querySelector("a").focus();
        real.start();
      };
      script.onerror = function () { control._isLoading = false; };
      document.head.append(script);
    }
  });

  // The library's own way is an alert, which a sandbox swallows.
  function refused(error, control) {
    var box = L.DomUtil.create("p", "app-map__hint", place);
    box.setAttribute("role", "status");
    box.textContent = "Your browser does not say where you are. You can search for your street instead.";
    setTimeout(function () { box.remove(); }, 8000);
    control.stop();
  }

  L.control.locate = function (options) { return new Waiting(options); };
})();
