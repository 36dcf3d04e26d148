// The legend under the map has what the view shows and nothing else.
(function (mapsvc) {
  "use strict";
  var QUIET_MS = 300;

  mapsvc.keepLegend = function (map, layer) {
    var legend = document.getElementById("map-legend"), timer = null;
    if (!legend) return;
    map.on("moveend", soon).on("issues", soon);
    layer.on("load repaint", soon);

    function soon() {
      clearTimeout(timer);
      timer = setTimeout(show, QUIET_MS);
    }

    function show() {
      if (layer.isLoading() || !layer.status.isKnown) return; // the page's own stands
      var bounds = map.getBounds(), shown = layer.statusesIn(bounds);
      mapsvc.sharesIn(bounds).forEach(function (code) { shown.add(code); });
      if (mapsvc.issuesIn(bounds)) shown.add("issue");
      legend.classList.toggle("app-legend--far", map.getZoom() < layer.options.detailFrom);
      legend.querySelectorAll("[data-status]").forEach(function (entry) { entry.hidden = !shown.has(entry.dataset.status); });
      legend.querySelectorAll("[data-group]").forEach(function (group) { group.hidden = !group.querySelector("[data-status]:not([hidden])"); });
    }
  };
})(window.mapsvc);
