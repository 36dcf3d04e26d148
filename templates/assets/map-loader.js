// Brings the map when its place comes near the window: the answer above it never waits for it.
(function () {
  "use strict";
  var place = document.getElementById("map");
  if (!place) return;

  function load() {
    var style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = place.dataset.style;
    style.onload = function () {
      JSON.parse(place.dataset.scripts).forEach(function (address) {
        var script = document.createElement("script");
        script.src = address;
        script.async = false; // they are made for this order
        document.head.appendChild(script);
      });
    };
    document.head.appendChild(style);
  }

  if (!("IntersectionObserver" in window)) return load();
  var watch = new IntersectionObserver(function (entries) {
    if (entries.some(function (entry) { return entry.isIntersecting; })) {
      watch.disconnect();
      load();
    }
  }, { rootMargin: "300px" });
  watch.observe(place);
})();
