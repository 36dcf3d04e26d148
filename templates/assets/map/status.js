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

    // The status of a verge, by what a tile says about it: its own, else that of its round.
    of: function (about) {
      return this._verges.get(about.verge) || this._rounds.get(about.round) || "unknown";
    },

    ofPoint: function (about, number) {
      return this.of({ verge: about.verges[number], round: about.round });
    },

    area: function (key) { return this._areas.get(key); },

    round: function (code) { return this._streets.get(code); },

    // "28 cut, 17 due" and "12 of 40 streets due this week", in the words that the server uses too.
    divided: function (found) {
      var looks = this.looks;
      return Object.keys(found.shares).map(function (code) {
        return mapsvc.grouped(found.shares[code]) + " " + looks[code].counted;
      }).join(", ");
    },

    due: function (found) {
      var words = this.words, grouped = mapsvc.grouped;
      var streets = words[found.streets === 1 ? "one" : "many"].replace("{number}", grouped(found.streets));
      return words[found.due ? "some" : "none"].replace("{due}", grouped(found.due)).replace("{streets}", streets);
    },

    // A ring of the shares with the number of streets in it. A share that has room has its symbol.
    ring: function (found, radius) {
      var width = radius * 0.46, middle = radius - width / 2 - 1.5, around = 2 * Math.PI * middle, before = 0;
      var svg = make("svg", { viewBox: [-radius, -radius, 2 * radius, 2 * radius].join(" "), width: 2 * radius, height: 2 * radius, "aria-hidden": "true", focusable: "false" });
      svg.append(make("circle", { r: radius, fill: "#fff" }));
      var symbols = [], codes = Object.keys(found.shares);
      codes.forEach(function (code) {
        var look = this.looks[code], length = found.shares[code] / found.streets * around;
        var drawn = codes.length > 1 ? Math.max(length - 1.5, 1) : around;
        svg.append(make("circle", { r: middle, fill: "none", stroke: look.colour, "stroke-width": width, "stroke-dasharray": drawn + " " + around, "stroke-dashoffset": -before, transform: "rotate(-90)" }));
        var angle = (before + drawn / 2) / middle - Math.PI / 2, scale = (width - 1) / 17;
        var at = [middle * Math.cos(angle) - 8 * scale, middle * Math.sin(angle) - 8 * scale];
        if (length > width) symbols.push(make("path", { d: look.symbol, fill: "none", stroke: "#fff", "stroke-width": 2.4, transform: "translate(" + at + ") scale(" + scale + ")" }));
        before += length;
      }, this);
      svg.append.apply(svg, symbols);
      var number = make("text", { "text-anchor": "middle", dy: "0.35em", "font-weight": 700, "font-size": found.streets > 999 ? radius * 0.38 : radius * 0.52, fill: "#0b0c0c" });
      number.textContent = found.streets > 9999 ? Math.round(found.streets / 1000) + "k" : found.streets;
      svg.append(number);
      return svg;
    },

    // A label with its symbol, as pages have it.
    tag: function (code) {
      var tag = document.createElement("strong");
      tag.className = "app-tag app-tag--" + code;
      tag.append(this.symbol(code));
      tag.append(this.looks[code].label);
      return tag;
    },

    symbol: function (code) {
      var svg = make("svg", { viewBox: "-4 -4 24 24", width: 24, height: 24, "aria-hidden": "true", focusable: "false", "class": "app-symbol app-symbol--" + code });
      svg.append(make("path", { d: this.looks[code].symbol }));
      return svg;
    }
  });

  function make(name, attributes) {
    var element = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.keys(attributes).forEach(function (key) { element.setAttribute(key, attributes[key]); });
    return element;
  }

  // 12,345: what toLocaleString says, which takes a millisecond each time.
  mapsvc.grouped = function (number) { return String(number).replace(/\B(?=(\d{3})+$)/g, ","); };

  mapsvc.makeStatus = function (options) { return new Status(options); };
})(window.mapsvc);
