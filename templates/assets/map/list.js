// The list beside the map says in words what is in view, and follows the map as it moves. How much
// is in view is announced once the map stands still, and only when somebody moved it.
(function (mapsvc) {
  "use strict";
  var MOST = 60, QUIET_MS = 700;

  mapsvc.keepList = function (map, layer) {
    var section = document.getElementById("map-list"), status = layer.status, words = status.words;
    if (!section) return;
    var names, timer = null, written = null, hasMoved = false, said, list;

    map.on("movestart", function () { hasMoved = true; });
    map.on("moveend", soon);
    layer.on("load repaint", soon);
    map.on("issues", soon);
    map.whenReady(function () { hasMoved = false; });
    // The first of these takes long to make, so it has a turn of its own.
    mapsvc.turn().then(function () { names = new Intl.Collator("en-GB", { numeric: true }); });

    function soon() {
      clearTimeout(timer);
      timer = setTimeout(write, QUIET_MS);
    }

    function write() {
      // The page's own list stands until there is something to say.
      if (layer.isLoading() || !status.isKnown) return;
      var zoom = map.getZoom(), bounds = map.getBounds();
      var found = zoom < layer.options.roundsFrom ? areas(bounds) : zoom < layer.options.detailFrom ? rounds(bounds) : streets(bounds);
      var kind = zoom < layer.options.roundsFrom ? "places" : zoom < layer.options.detailFrom ? "rounds" : "streets";
      var shown = nearest(found), text = count(kind, shown.length, found.length) + issues(bounds);
      var looks = JSON.stringify([text, shown.map(function (e) { return [e.key, e.statuses, e.words]; })]);
      if (looks === written) return;
      written = looks;
      if (!list) begin();
      fill(shown);
      if (said.textContent !== text) said.textContent = text;
      said.setAttribute("aria-live", hasMoved ? "polite" : "off");
    }

    function begin() {
      var title = mapsvc.add(document.createElement("div"), "h2", words.in_view, "govuk-heading-m");
      title.id = "map-list-title";
      said = mapsvc.add(document.createElement("div"), "p", "", "govuk-body");
      said.setAttribute("aria-live", "off");
      said.setAttribute("aria-atomic", "true");
      list = mapsvc.add(document.createElement("div"), "ul", "", "app-list");
      section.setAttribute("aria-labelledby", title.id);
      section.replaceChildren(title, said, list);
      mapsvc.add(mapsvc.add(section, "p", "", "govuk-body"), "a", words.all, "govuk-link").href = "/map/list";
    }

    function count(kind, shown, all) {
      if (!all) return words.nothing;
      var many = words["in_view_" + kind][all === 1 ? 0 : 1].replace("{number}", mapsvc.grouped(all));
      return shown < all ? words.nearest.replace("{shown}", shown).replace("{all}", many) : many + ".";
    }

    function issues(bounds) {
      var number = mapsvc.issuesIn(bounds);
      return number ? " " + words.in_view_issues[number === 1 ? 0 : 1].replace("{number}", mapsvc.grouped(number)) + "." : "";
    }

    // Those nearest to the middle, by name.
    function nearest(found) {
      var middle = map.getCenter();
      found.forEach(function (e) { e.away = middle.distanceTo(e.at); });
      return found.sort(function (a, b) { return a.away - b.away; }).slice(0, MOST)
        .sort(function (a, b) { return names.compare(a.name, b.name); });
    }

    function fill(entries) {
      var focused = list.contains(document.activeElement) && document.activeElement.closest("li").dataset.key;
      list.replaceChildren.apply(list, entries.map(item));
      if (!focused) return;
      var again = Array.from(list.children).find(function (li) { return li.dataset.key === focused; });
      (again ? again.querySelector("button") : map.getContainer()).focus({ preventScroll: true });
    }

    function item(entry) {
      var li = document.createElement("li"), title = mapsvc.add(li, entry.href ? "a" : "strong", entry.name);
      li.dataset.key = entry.key;
      if (entry.href) { title.href = entry.href; title.className = "govuk-link"; }
      var tags = mapsvc.add(li, "span", "", "app-list__tags");
      if (entry.share) tags.append(status.ring(entry.share, 24));
      entry.statuses.forEach(function (code) { tags.append(status.tag(code)); });
      if (entry.words) mapsvc.add(tags, "span", entry.words, "app-place");
      var button = mapsvc.add(tags, "button", words.show, "app-map__button");
      button.type = "button";
      mapsvc.add(button, "span", ": " + entry.name, "govuk-visually-hidden");
      button.addEventListener("click", function () { entry.tell(button); });
      return li;
    }

    function shares(found) { return status.divided(found) + ". " + status.due(found) + "."; }

    function areas(bounds) {
      return mapsvc.areasIn(bounds).map(function (known) {
        var key = known.about.area, found = status.area(key), at = known.at;
        return {
          key: key, name: key, at: at, href: "/map/list?place=" + encodeURIComponent(key),
          statuses: [], share: found, words: shares(found),
          tell: function (from) { mapsvc.tellArea(known.about, at, from); }
        };
      });
    }

    function rounds(bounds) {
      var found = new Map(), middle = map.getCenter();
      layer.inView(bounds, function (tile, box) {
        tile.grass.forEach(function (item) {
          if (!item.about.round) return;
          item.points.forEach(function (p) {
            if (!holds(box, p)) return;
            var at = unproject(tile, p), away = middle.distanceTo(at), known = found.get(item.about.round);
            if (!known || away < known.away) found.set(item.about.round, { at: at, away: away });
          });
        });
      });
      return Array.from(found, function (pair) {
        var code = pair[0], at = pair[1].at, of = status.round(code);
        return {
          key: code, name: words.round.replace("{name}", function () { return of ? of.name : code; }), at: at,
          statuses: [], share: of, words: of ? shares(of) : "",
          tell: function (from) { mapsvc.tellRound(code, at, from); }
        };
      });
    }

    function streets(bounds) {
      var found = new Map();
      layer.inView(bounds, function (tile, box) {
        tile.streets.forEach(function (item) {
          var p = seenOf(item.lines, box);
          if (p && !found.has(item.about.street)) found.set(item.about.street, { about: item.about, at: unproject(tile, p), statuses: [] });
        });
      });
      layer.loaded.forEach(function (tile) {
        tile.grass.forEach(function (item) {
          var known = found.get(item.about.street), code = status.of(item.about);
          if (known && known.statuses.indexOf(code) < 0) known.statuses.push(code);
        });
      });
      return Array.from(found.values(), function (known) {
        var id = known.about.street;
        return {
          key: id, name: known.about.name, at: known.at, href: "/streets/" + encodeURIComponent(id),
          statuses: known.statuses.sort(), words: [known.statuses.length ? "" : words.no_grass].concat(mapsvc.issuesOf(id)).filter(Boolean).join(". "),
          tell: function (from) { mapsvc.tellStreet({ street: id }, known.at, from); }
        };
      });
    }

    function holds(box, p) {
      return p[0] >= box.min.x && p[0] < box.max.x && p[1] >= box.min.y && p[1] < box.max.y;
    }

    // A point of the lines within the box: the middle of the longest piece; null where none is.
    function seenOf(lines, box) {
      var best = null;
      lines.forEach(function (line) {
        for (var i = 1; i < line.length; i++) {
          var piece = L.LineUtil.clipSegment(L.point(line[i - 1]), L.point(line[i]), box);
          if (!piece) continue;
          var length = piece[0].distanceTo(piece[1]);
          if (!best || length > best.length) best = { length: length, at: piece[0].add(piece[1]).divideBy(2) };
        }
      });
      return best && [best.at.x, best.at.y];
    }

    function unproject(tile, p) {
      var world = Math.pow(2, tile.coords.z) * tile.size;
      var x = (tile.coords.x * tile.size + p[0]) / world, y = (tile.coords.y * tile.size + p[1]) / world;
      return L.latLng(Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI, x * 360 - 180);
    }
  };
})(window.mapsvc);
