// What is true today, from /api/status: asked again while somebody looks, so often that what is
// published is seen within a minute, its reading by the server included.
(function (mapsvc) {
  "use strict";
  var REFRESH_MS = 50000;

  var Status = L.Evented.extend({
    initialize: function (options) {
      this.looks = options.looks;
      this.words = options.words;
      this.roundsFrom = options.roundsFrom;
      this.edition = options.edition; // as the page knew it; each answer names the one that is
      this.isKnown = false;
      this._take({ rounds: {}, verges: {}, areas: {}, round_streets: {} });
    },

    // From now on asked again and again; the map says what it has to know.
    start: function (map) {
      var status = this;
      this._map = map;
      setInterval(function () { if (!document.hidden) status.refresh(); }, REFRESH_MS);
      document.addEventListener("visibilitychange", function () { if (!document.hidden) status.refresh(); });
    },

    // A promise that holds when there is an answer, with each verge unless only places are shown.
    ready: function () {
      return this._known || (this._known = this.refresh());
    },

    // A map that comes close needs what it did not while it was far.
    closer: function () {
      if (this._isPart && !this._ofPlaces()) this._known = this.refresh();
    },

    _ofPlaces: function () { return this._map.getZoom() < this.roundsFrom; },

    refresh: function () {
      var status = this, ofPlaces = this._ofPlaces();
      if (this._asking && (this._asksPart === ofPlaces || ofPlaces)) return this._asking;
      var before = this._asking || Promise.resolve();
      this._asksPart = ofPlaces;
      var asking = this._asking = before.then(function () {
        return fetch("/api/status" + (ofPlaces ? "?part=places" : ""));
      }).then(function (answer) {
        if (!answer.ok) throw new Error(answer.status);
        return answer.text();
      }).then(function (text) {
        mapsvc.complain("");
        status._isPart = ofPlaces;
        if (text !== status._text || status._hasFailed) status._read(text);
      }).catch(function () {
        status.fail();
      }).then(function () { if (status._asking === asking) status._asking = null; });
      return asking;
    },

    // Something is missing: the next answer that comes asks for the tiles again.
    fail: function () {
      this._hasFailed = true;
      mapsvc.complain(this.words.trouble);
    },

    _read: function (text) {
      var found = JSON.parse(text), isOther = this.edition !== found.edition;
      this._text = text;
      this.edition = found.edition;
      this.isKnown = true;
      this._take(found);
      // Tiles that could not be loaded or coloured are missing.
      var asksAgain = isOther || this._hasFailed;
      this._hasFailed = false;
      this.fire(asksAgain ? "edition" : "change");
    },

    _take: function (found) {
      this._rounds = new Map(Object.entries(found.rounds));
      this._verges = new Map(Object.entries(found.verges || {}));
      this._areas = new Map(Object.entries(found.areas));
      this._streets = new Map(Object.entries(found.round_streets || {}));
    },

    // The status of a verge, or of most of a round, by what a tile says about it.
    of: function (about) {
      return this._verges.get(about.verge) || this._rounds.get(about.round) || "unknown";
    },

    area: function (key) { return this._areas.get(key); },

    round: function (code) { return this._streets.get(code); },

    // "12 of 40 streets due this week", in the words that the server uses too.
    share: function (found) {
      var words = this.words, grouped = mapsvc.grouped;
      var streets = words[found.streets === 1 ? "one" : "many"].replace("{number}", grouped(found.streets));
      return words[found.due ? "some" : "none"].replace("{due}", grouped(found.due)).replace("{streets}", streets);
    },

    // A label with its symbol, as pages have it.
    tag: function (code) {
      var tag = document.createElement("strong");
      tag.className = "app-tag app-tag--" + code;
      var symbol = tag.appendChild(this.symbol(code, 24));
      symbol.setAttribute("class", "app-symbol app-symbol--" + code);
      symbol.querySelector("circle").remove(); // the class draws it
      tag.append(this.looks[code].label);
      return tag;
    },

    symbol: function (code, size) {
      var SVG = "http://www.w3.org/2000/svg", look = this.looks[code];
      var svg = document.createElementNS(SVG, "svg"), disc = document.createElementNS(SVG, "circle");
      var path = document.createElementNS(SVG, "path");
      set(svg, { viewBox: "-4 -4 24 24", width: size, height: size, "aria-hidden": "true", focusable: "false" });
      set(disc, { cx: 8, cy: 8, r: 11, fill: look.colour, stroke: "#fff", "stroke-width": 1.5 });
      set(path, { d: look.symbol, fill: "none", stroke: "#fff", "stroke-width": 2 });
      svg.append(disc, path);
      return svg;
    }
  });

  function set(element, attributes) {
    Object.keys(attributes).forEach(function (name) { element.setAttribute(name, attributes[name]); });
  }

  // 12,345: what toLocaleString says, which takes a millisecond each time.
  mapsvc.grouped = function (number) { return String(number).replace(/\B(?=(\d{3})+$)/g, ","); };

  mapsvc.makeStatus = function (options) { return new Status(options); };
})(window.mapsvc);
