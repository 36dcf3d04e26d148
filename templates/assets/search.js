// Suggests streets while somebody types. Without this script the form searches as it is.
(function () {
  "use strict";
  var form = document.querySelector("[data-suggest]");
  if (!form || !window.fetch) return;

  var style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = form.dataset.suggestStyle;
  var script = document.createElement("script");
  script.src = form.dataset.suggestScript;
  script.onload = suggest;
  // In another site's page few search, so the map has the line first.
  if (form.dataset.suggest === "on-focus") form.addEventListener("focusin", begin, { once: true });
  else begin();

  function begin() {
    document.head.append(style, script);
  }

  // The way of a link, which an embed leaves to the whole page.
  function go(address) {
    var link = document.createElement("a");
    link.href = address;
    form.append(link);
    link.click();
  }

  // The library puts suggestions in as HTML; names are text.
  function asText(words) {
    var element = document.createElement("span");
    element.textContent = words;
    return element.innerHTML;
  }

  function nameOf(street) {
    if (!street) return "";
    if (typeof street === "string") return street;
    var place = street.locality || street.town || street.parish || street.ward;
    var places = [place, place !== street.town && street.town, street.postcode_district];
    return [street.name].concat(places).filter(Boolean).join(", ");
  }

  function suggest() {
    var plain = document.getElementById("q");
    var hadFocus = document.activeElement === plain;
    var hint = document.getElementById("q-hint");
    var place = document.createElement("div");
    place.className = "app-search__input";
    var timer = 0, asked = 0;

    function source(query, show) {
      window.clearTimeout(timer);
      timer = window.setTimeout(function () {
        var turn = ++asked;
        fetch("/api/search?limit=8&q=" + encodeURIComponent(query.slice(0, 200)))
          .then(function (response) { return response.ok ? response.json() : { results: [] }; })
          .then(function (answer) { if (turn === asked) show(answer.results); })
          .catch(function () { if (turn === asked) show([]); });
      }, 150);
    }

    plain.replaceWith(place);
    window.accessibleAutocomplete({
      element: place,
      id: "q",
      name: "q",
      source: source,
      minLength: 2,
      defaultValue: hadFocus ? "" : plain.value,
      confirmOnBlur: false,
      autoselect: false,
      displayMenu: "overlay",
      inputClasses: "govuk-input",
      showNoOptionsFound: false,
      tAssistiveHint: function () {
        return hint.textContent + ". When suggestions come, use the up and down arrow keys to " +
          "look at them and enter to choose one.";
      },
      templates: {
        inputValue: nameOf,
        suggestion: function (street) { return asText(nameOf(street)); },
      },
      onConfirm: function (street) {
        if (street && street.id) go("/streets/" + encodeURIComponent(street.id));
      },
    });
    var input = document.getElementById("q");
    input.setAttribute("enterkeyhint", "search");
    input.maxLength = plain.maxLength;
    // Enter in the box itself searches; the library would wait for a choice while the list is open.
    input.addEventListener("keydown", function (event) {
      if (event.key !== "Enter") return;
      event.stopImmediatePropagation();
      event.preventDefault();
      form.querySelector("button").click();
    }, true);
    if (!hadFocus) return;
    input.focus();
    // What was typed while the library was on its way is looked for as if it were typed now.
    input.value = plain.value;
    if (input.value) input.dispatchEvent(new Event("input", { bubbles: true }));
    // The library selects what is there, and the next letter would take its place.
    Promise.resolve().then(function () { input.setSelectionRange(input.value.length, input.value.length); });
  }
})();
