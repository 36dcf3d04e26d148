// Brings the map when its place comes near the window: the answer above it never waits for it.
(function () {
  "use strict";
  var place = document.getElementById("map");
  if (!place || !place.dataset.scripts) return; // none, or one that the page itself brings

  function load() {
    if (!place.dataset.style) return loadScripts(); // the page's own stylesheet has the map's
    var style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = place.dataset.style;
    style.onload = loadScripts;
    document.head.appendChild(style);
  }

  function loadScripts() {
    place.dataset.scripts.split(" ").forEach(function (address) {
      var script = document.createElement("script");
      script.src = address;
      script.async = false; // they are made for this order
      document.head.appendChild(script);
    });
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
