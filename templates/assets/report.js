// Offers the map on the form of a report. It is loaded for those who ask for it.
(function () {
  "use strict";
  var box = document.getElementById("point");
  if (!box) return;
  unpack(box.querySelector("template"));
  box.hidden = false;
  var button = box.querySelector("button"), form = box.closest("form");
  button.addEventListener("click", function () {
    show();
    document.getElementById("map").focus({ preventScroll: true });
  });
  if (form.lat.value && form.lon.value) show(); // the form came back with what was marked

  function show() {
    button.remove();
    unpack(box.querySelector("template"));
    var loader = document.createElement("script");
    loader.src = box.dataset.loader;
    document.head.appendChild(loader);
  }

  function unpack(template) { template.replaceWith(template.content); }
})();
