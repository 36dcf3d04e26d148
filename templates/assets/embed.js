// A page of ours inside another site's page. Links open in the whole page, where the sandbox lets
// them; the search keeps to the frame; the host page is told how tall the content is.
(function () {
  "use strict";

  document.addEventListener("click", function (event) {
    var isPlain = !(event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    var button = event.target.closest("form button"), link = event.target.closest("a[href]");
    if (isPlain && button) search(button.form, event);
    if (link && link.hash && link.href.split("#")[0] === location.href.split("#")[0]) link.target = "_self";
    if (isPlain && link && link.target !== "_self" && /^https?:$/.test(link.protocol)) leave(link, event);
  });

  // A sandbox without allow-forms drops forms without a word, and even their submit event.
  function search(form, event) {
    event.preventDefault();
    location.assign(form.action + "?" + new URLSearchParams(new FormData(form)));
  }

  function leave(link, event) {
    event.preventDefault();
    try {
      window.top.location.href = link.href;
    } catch (refused) {
      // A sandbox without allow-top-navigation: the answer is shown here, of the rest the address.
      var isStreet = link.origin === location.origin && /^\/streets\/[^/]+$/.test(link.pathname);
      if (isStreet) location.assign("/embed" + link.pathname + link.search);
      else tell("This website does not let the map open links. The address is " + link.href);
    }
  }

  function tell(words) {
    var place = document.getElementById("refused");
    place.textContent = words;
    place.scrollIntoView({ block: "nearest" });
  }

  // The number is no secret, and a frame cannot know its host's origin: hence "*".
  if (window.parent !== window && "ResizeObserver" in window) {
    new ResizeObserver(function () {
      window.parent.postMessage({ mapsvcHeight: Math.ceil(document.body.getBoundingClientRect().height) }, "*");
    }).observe(document.body);
  }
})();
