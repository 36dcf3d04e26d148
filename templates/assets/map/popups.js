// What the map tells of the thing that somebody chose. A popup takes the focus and gives it back.
(function (mapsvc) {
  "use strict";

  // What the buttons in the corners take of the width, and the width from which a popup has room beside them.
  var BUTTONS = 60, ROOMY = 480;

  mapsvc.tellOf = function (map, layer) {
    var status = layer.status, opener = null, told = 0;
    map.on("click", function (event) { mapsvc.tellAt(event.latlng); });
    map.on("popupclose", function () {
      var back = opener && opener.isConnected ? opener : map.getContainer();
      opener = null;
      back.focus({ preventScroll: true });
    });

    // What is drawn at a position, if anything is.
    mapsvc.tellAt = function (latlng, touch) {
      var ring = mapsvc.ringAt(latlng, touch);
      if (ring) return ring.about.area ? mapsvc.tellArea(ring.about, ring.at) : mapsvc.tellRound(ring.about.ring, ring.at);
      var found = layer.hit(latlng, touch);
      if (found && found.kind === "round" && found.about.round) mapsvc.tellRound(found.about.round, latlng);
      else if (found && found.about.street) mapsvc.tellStreet(found.about, latlng);
    };

    mapsvc.tellArea = function (about, latlng, from) {
      var found = status.area(about.area), content = begun(about.area);
      if (!found) return;
      tellShares(content, found);
      closer(content, function () {
        var box = about.box;
        map.fitBounds([[box[1], box[0]], [box[3], box[2]]], { maxZoom: 15 });
        if (map.getZoom() <= layer.options.wideUpTo) map.setView(latlng, layer.options.wideUpTo + 1);
      });
      link(content, "/map/list?place=" + encodeURIComponent(about.area), status.words.list);
      open(content, latlng, from);
    };

    function tellShares(content, found) {
      mapsvc.add(content, "p", status.divided(found) + ".", "app-map__status");
      mapsvc.add(content, "p", status.due(found) + ".");
    }

    mapsvc.tellRound = function (code, latlng, from) {
      var found = status.round(code);
      if (!found) return;
      var content = begun(status.words.round.replace("{name}", function () { return found.name; }));
      tellShares(content, found);
      closer(content, function () { map.setView(latlng, layer.options.detailFrom + 1); });
      open(content, latlng, from);
    };

    // One issue, several at one place, or so many that they are merged until the map is closer.
    mapsvc.tellIssues = function (those, number, latlng) {
      var only = those.length === 1 && those[0];
      var content = begun(only ? only.label || only.sentence : status.words.here.replace("{number}", number));
      those.forEach(function (about) { tellIssue(content, about, latlng); });
      open(content, latlng);
    };

    function tellIssue(content, about, latlng) {
      if (about.number) return closer(content, function () { map.setView(latlng, map.getZoom() + 2); }, status.words.nearer);
      mapsvc.add(content, "p", about.sentence + ".");
      link(content, about.page || "/issues/" + about.reference, status.words.issue + " (" + about.reference + ")");
    }

    mapsvc.tellStreet = function (about, latlng, from) {
      var id = encodeURIComponent(about.street);
      fetch("/api/streets/" + id).then(function (answer) {
        if (!answer.ok) throw new Error(answer.status);
        return answer.json();
      }).then(function (answer) {
        var groups = answer.groups.filter(function (g) { return !about.verge || g.verges.indexOf(about.verge) >= 0; });
        var group = groups[0] || answer.groups[0], content = begun(answer.street.name);
        mapsvc.add(content, "p", group.label, "app-map__status");
        mapsvc.add(content, "p", group.sentence);
        answer.issues.forEach(function (issue) { mapsvc.add(content, "p", issue.sentence + "."); });
        link(content, "/streets/" + id, status.words.street);
        open(content, latlng, from);
      }).catch(function () {
        var content = begun(status.words.unanswered);
        link(content, "/streets/" + id, status.words.street);
        open(content, latlng, from);
      });
    };

    function begun(title) {
      var content = document.createElement("div");
      content.tabIndex = -1;
      content.setAttribute("role", "dialog");
      told += 1; // the one before is still there while it fades
      mapsvc.add(content, "h2", title).id = "map-popup-" + told;
      content.setAttribute("aria-labelledby", "map-popup-" + told);
      return content;
    }

    function link(content, address, words) {
      mapsvc.add(mapsvc.add(content, "p"), "a", words).href = address;
    }

    function closer(content, go, words) {
      var button = mapsvc.add(mapsvc.add(content, "p"), "button", words || status.words.closer, "app-map__button");
      button.type = "button";
      button.addEventListener("click", function () { map.closePopup(); go(); });
    }

    // Beside the buttons, which would lie over its own; where there is no room they go away for it.
    function open(content, latlng, from) {
      var size = map.getSize(), isNarrow = size.x < ROOMY, side = isNarrow ? 5 : BUTTONS;
      map.closePopup();
      mapsvc.place.classList.toggle("app-map--narrow", isNarrow);
      L.popup({ maxWidth: 300, maxHeight: size.y - 60, autoPanPadding: [side, 5] }).setLatLng(latlng).setContent(content).openOn(map);
      opener = from || null;
      content.focus({ preventScroll: true });
    }
  };
})(window.mapsvc);
