// On a map inside a page one finger scrolls the page and two move the map; the wheel scrolls the
// page and, with Ctrl, zooms the map. Switched on by Folium's `gesture_handling`.
(function () {
  "use strict";
  var SHOWN_MS = 1500;
  var onApple = /Mac|iPhone|iPad/.test(navigator.platform);

  L.Map.mergeOptions({ gestureHandling: false });
  L.Map.addInitHook("addHandler", "gestureHandling", L.Handler.extend({
    addHooks: function () {
      var map = this._map, hint = L.DomUtil.create("p", "app-map__hint", map.getContainer());
      hint.setAttribute("aria-hidden", "true");
      hint.hidden = true;
      this._hint = hint;
      this._eachEvent("addEventListener");
      L.DomUtil.addClass(map.getContainer(), "app-map--in-page");
    },

    removeHooks: function () {
      this._eachEvent("removeEventListener");
      this._hint.remove();
      this._map.dragging.enable();
      this._map.scrollWheelZoom.enable();
      L.DomUtil.removeClass(this._map.getContainer(), "app-map--in-page");
    },

    // Before Leaflet's own listeners, which stand further down or come later.
    _eachEvent: function (change) {
      var container = this._map.getContainer(), options = { capture: true, passive: true };
      ["pointerdown", "touchmove", "wheel"].forEach(function (name) {
        container[change](name, this, options);
      }, this);
    },

    handleEvent: function (event) {
      if (event.type === "pointerdown") this._allow("dragging", event.pointerType !== "touch");
      if (event.type === "touchmove" && event.touches.length < 2) this._say("Use two fingers to move the map");
      if (event.type !== "wheel") return;
      var zooms = event.ctrlKey || event.metaKey;
      this._allow("scrollWheelZoom", zooms);
      if (!zooms) this._say("Hold " + (onApple ? "⌘" : "Ctrl") + " and scroll to zoom the map");
    },

    _allow: function (handler, isAllowed) {
      this._map[handler][isAllowed ? "enable" : "disable"]();
    },

    _say: function (words) {
      var hint = this._hint;
      hint.textContent = words;
      hint.hidden = false;
      clearTimeout(this._timer);
      this._timer = setTimeout(function () { hint.hidden = true; }, SHOWN_MS);
    }
  }));
})();
