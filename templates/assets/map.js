// What the script that Folium makes is built from: a Leaflet map in #map, and a layer of tiles
// that draws streets and grass on canvas in today's colours. Names become text nodes or text on
// canvas, never HTML.
window.mapsvc = (function () {
  "use strict";
  var place = document.getElementById("map");
  var REFRESH_MS = 60000;
  var CLOSE = 14; // the zoom from which tiles have each verge
  var TOUCH = 14; // pixels around a verge in which a click means it

  function makeMap(options) {
    var box = JSON.parse(place.dataset.bounds);
    options.attributionControl = false;
    var map = L.map(place, options);
    map.fitBounds([[box[1], box[0]], [box[3], box[2]]], { animate: false });
    // A long lane is shown in part, but close enough to see its grass.
    if (place.dataset.street && map.getZoom() < CLOSE) map.setZoom(CLOSE, { animate: false });
    L.control.scale({ imperial: false }).addTo(map);
    return map;
  }

  // Where a longitude and latitude lie in a tile, in its pixels.
  function projector(coords, size) {
    var world = Math.pow(2, coords.z) * size;
    return function (point) {
      var sin = Math.sin(point[1] * Math.PI / 180);
      return [
        (point[0] + 180) / 360 * world - coords.x * size,
        (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * world - coords.y * size
      ];
    };
  }

  function lines(geometry) {
    var c = geometry.coordinates;
    return { LineString: [c], MultiLineString: c, Polygon: c, MultiPolygon: [].concat.apply([], c) }[geometry.type] || [];
  }

  function pathOf(geometry, project) {
    var path = new Path2D(), closed = /Polygon/.test(geometry.type);
    lines(geometry).forEach(function (line) {
      line.forEach(function (point, i) {
        var p = project(point);
        if (i) path.lineTo(p[0], p[1]); else path.moveTo(p[0], p[1]);
      });
      if (closed) path.closePath();
    });
    return path;
  }

  // The zoom from which the name of a place is shown, and the last one that shows names.
  var FROM_ZOOM = { city: 7, town: 9, village: 11, suburb: 13, hamlet: 13, other: 13 }, LAST_NAMED = 14;
  var ROAD = { 13: 2, 14: 3, 15: 5, 16: 8, 17: 12, 18: 18, 19: 26 };

  var StatusTiles = L.GridLayer.extend({
    initialize: function (options) {
      L.setOptions(this, options);
      this._loaded = new Map();
      this._places = new Map();
      this._rounds = new Map();
      this._verges = new Map();
      this._edition = null;
    },

    onAdd: function (map) {
      var layer = this;
      this._ready = this._refresh();
      this._timer = setInterval(function () { layer._refresh(); }, REFRESH_MS);
      map.on("click", this._clicked, this);
      this.on("tileunload", function (event) { layer._loaded.delete(layer._tileCoordsToKey(event.coords)); });
      map.on("zoomend", this._showPlaces, this);
      this.on("load", function () {
        var drawing = place.querySelector("img.app-map__drawing, .app-map__wait");
        if (drawing) drawing.remove();
      });
      return L.GridLayer.prototype.onAdd.call(this, map);
    },

    onRemove: function (map) {
      clearInterval(this._timer);
      map.off("click", this._clicked, this).off("zoomend", this._showPlaces, this);
      this._places.forEach(function (known) { known.marker.remove(); });
      return L.GridLayer.prototype.onRemove.call(this, map);
    },

    _refresh: function () {
      var layer = this;
      return fetch("/api/status").then(function (answer) { return answer.text(); }).then(function (text) {
        if (text === layer._text) return;
        var status = JSON.parse(text), before = layer._edition;
        layer._text = text;
        layer._edition = status.edition;
        layer._rounds = new Map(Object.entries(status.rounds));
        layer._verges = new Map(Object.entries(status.verges));
        if (before && before !== status.edition) layer.redraw();
        else if (before) layer._repaint();
      }).catch(function () { /* the next refresh tries again */ });
    },

    _statusOf: function (properties) {
      return this._verges.get(properties.verge) || this._rounds.get(properties.round) || "unknown";
    },

    createTile: function (coords, done) {
      var layer = this, canvas = document.createElement("canvas"), size = this.getTileSize().x;
      var ratio = window.devicePixelRatio || 1;
      canvas.width = canvas.height = size * ratio;
      canvas.setAttribute("aria-hidden", "true");
      this._ready.then(function () {
        return fetch(["/tiles", encodeURIComponent(layer._edition), coords.z, coords.x, coords.y + ".json"].join("/"));
      }).then(function (answer) {
        return answer.status === 200 ? answer.json() : { features: [] };
      }).then(function (data) {
        data.features.forEach(layer._learnPlace, layer);
        var tile = layer._prepared(data.features.filter(function (f) { return !f.properties.place; }), coords, size, canvas);
        layer._loaded.set(layer._tileCoordsToKey(coords), tile);
        layer._paint(tile);
        done(null, canvas);
      }).catch(function (error) { done(error, canvas); });
      return canvas;
    },

    _prepared: function (features, coords, size, canvas) {
      var project = projector(coords, size);
      return {
        coords: coords, size: size, canvas: canvas,
        items: features.map(function (feature) {
          var g = feature.geometry, p = feature.properties;
          var points = g.type === "Point" ? [g.coordinates] : g.type === "MultiPoint" ? g.coordinates : [];
          return {
            about: p,
            area: /Polygon/.test(g.type),
            path: points.length ? null : pathOf(g, project),
            points: points.map(project),
            at: p.at && project(p.at),
            lines: p.name ? lines(g).map(function (line) { return line.map(project); }) : []
          };
        })
      };
    },

    // Names of places lie across tiles, so they are markers: text in an element of its own.
    _learnPlace: function (feature) {
      var about = feature.properties, at = feature.geometry.coordinates, key = about.place + at;
      if (!about.place || this._places.has(key)) return;
      var name = document.createElement("span");
      name.textContent = about.place;
      var size = about.kind in FROM_ZOOM ? about.kind : "other";
      var icon = L.divIcon({ className: "app-map__place app-map__place--" + size, html: name, iconSize: null });
      var marker = L.marker([at[1], at[0]], { icon: icon, interactive: false, keyboard: false });
      this._places.set(key, { marker: marker, from: FROM_ZOOM[size] });
      this._showPlaces();
    },

    _showPlaces: function () {
      var map = this._map, zoom = map && map.getZoom();
      this._places.forEach(function (known) {
        if (map && zoom >= known.from && zoom <= LAST_NAMED) known.marker.addTo(map);
        else known.marker.remove();
      });
    },

    _repaint: function () {
      this._loaded.forEach(function (tile) { this._paint(tile); }, this);
    },

    _paint: function (tile) {
      var pen = tile.canvas.getContext("2d"), ratio = tile.canvas.width / tile.size;
      var zoom = this._map ? this._map.getZoom() : tile.coords.z;
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, tile.size, tile.size);
      pen.lineJoin = pen.lineCap = "round";
      var streets = tile.items.filter(function (i) { return i.path && "name" in i.about; });
      var grass = tile.items.filter(function (i) { return "round" in i.about; });
      this._paintRoads(pen, streets, zoom);
      grass.forEach(function (item) { this._paintGrass(pen, item, zoom); }, this);
      if (zoom >= 16) grass.forEach(function (item) { this._paintSymbol(pen, item); }, this);
      if (zoom >= 16) streets.forEach(function (item) { paintName(pen, item, tile.size); });
    },

    _paintRoads: function (pen, streets, zoom) {
      var width = ROAD[zoom] || 1.5;
      streets.filter(function (s) { return s.about.street === place.dataset.street; }).forEach(function (street) {
        stroke(pen, street.path, "#fd0", width + 9);
        stroke(pen, street.path, "#0b0c0c", width + 2);
      });
      streets.forEach(function (street) {
        if (street.about.street !== place.dataset.street) stroke(pen, street.path, "#c4bda9", width + 2);
      });
      streets.forEach(function (street) { stroke(pen, street.path, zoom < 13 ? "#d8c9a0" : "#fff", width); });
    },

    _paintGrass: function (pen, item, zoom) {
      var look = this.options.looks[this._statusOf(item.about)];
      item.points.forEach(function (p) {
        pen.beginPath();
        pen.arc(p[0], p[1], zoom < 11 ? 2.5 : 3.5, 0, 7);
        pen.fillStyle = look.colour;
        pen.fill();
      });
      if (!item.path) return;
      pen.lineCap = "butt";
      if (item.area) {
        pen.globalAlpha = 0.4;
        pen.fillStyle = look.colour;
        pen.fill(item.path);
        pen.globalAlpha = 1;
      }
      pen.setLineDash(look.dash);
      stroke(pen, item.path, look.colour, item.area ? (zoom >= 16 ? 2.5 : 2) : 5);
      pen.setLineDash([]);
      pen.lineCap = "round";
    },

    _paintSymbol: function (pen, item) {
      if (!item.at) return;
      var look = this.options.looks[this._statusOf(item.about)];
      pen.save();
      pen.translate(item.at[0], item.at[1]);
      pen.beginPath();
      pen.arc(0, 0, 10, 0, 7);
      pen.fillStyle = look.colour;
      pen.fill();
      pen.lineWidth = 1.5;
      pen.strokeStyle = "#fff";
      pen.stroke();
      pen.scale(0.72, 0.72);
      pen.translate(-8, -8);
      stroke(pen, new Path2D(look.symbol), "#fff", 2);
      pen.restore();
    },

    _clicked: function (event) {
      var found = this._hit(event.latlng);
      if (found) this._tell(found, event.latlng);
    },

    // The verge, or else the street, that is drawn at a position.
    _hit: function (latlng) {
      var hit = null;
      this._loaded.forEach(function (tile) {
        var p = projector(tile.coords, tile.size)([latlng.lng, latlng.lat]);
        if (hit && hit.verge || p[0] < 0 || p[1] < 0 || p[0] >= tile.size || p[1] >= tile.size) return;
        var pen = tile.canvas.getContext("2d");
        pen.setTransform(1, 0, 0, 1, 0, 0);
        pen.lineWidth = TOUCH * 2;
        tile.items.forEach(function (item) {
          if (!item.path || !item.about.street || (hit && (hit.verge || !item.about.verge))) return;
          var inside = item.area && pen.isPointInPath(item.path, p[0], p[1]);
          if (inside || pen.isPointInStroke(item.path, p[0], p[1])) hit = item.about;
        });
      });
      return hit;
    },

    _tell: function (about, latlng) {
      var map = this._map;
      fetch("/api/streets/" + encodeURIComponent(about.street)).then(function (answer) { return answer.json(); }).then(function (answer) {
        var groups = answer.groups.filter(function (g) { return !about.verge || g.verges.indexOf(about.verge) >= 0; });
        var group = groups[0] || answer.groups[0];
        var content = document.createElement("div");
        content.tabIndex = -1;
        add(content, "h3", answer.street.name);
        add(content, "p", group.label + (group.where ? " – " + group.where : "")).className = "app-map__status";
        add(content, "p", group.sentence);
        var link = add(content, "a", "All about this street");
        link.href = "/streets/" + encodeURIComponent(answer.street.id);
        var popup = L.popup({ maxWidth: 300, maxHeight: 260 }).setLatLng(latlng).setContent(content).openOn(map);
        popup.getElement().addEventListener("keydown", function (event) {
          if (event.key === "Escape") map.closePopup();
        });
        content.focus();
        map.once("popupclose", function () { map.getContainer().focus({ preventScroll: true }); });
      }).catch(function () { /* the page's own text has the answer */ });
    }
  });

  function add(parent, name, text) {
    var child = document.createElement(name);
    child.textContent = text;
    parent.appendChild(child);
    return child;
  }

  function stroke(pen, path, colour, width) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.stroke(path);
  }

  function write(pen, text, size, weight) {
    pen.font = weight + " " + size + "px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineWidth = 4;
    pen.strokeStyle = "#f3f2ec";
    pen.strokeText(text, 0, 0);
    pen.fillStyle = "#0b0c0c";
    pen.fillText(text, 0, 0);
  }

  // The name along the longest straight piece that has room for it within the tile.
  function paintName(pen, item, size) {
    pen.font = "500 13px system-ui, sans-serif";
    var need = pen.measureText(item.about.name).width + 12, best = null;
    item.lines.forEach(function (line) {
      for (var i = 1; i < line.length; i++) {
        var a = line[i - 1], b = line[i], length = Math.hypot(b[0] - a[0], b[1] - a[1]);
        var x = (a[0] + b[0]) / 2, y = (a[1] + b[1]) / 2;
        var half = need / 2, dx = Math.abs(b[0] - a[0]) / length * half, dy = Math.abs(b[1] - a[1]) / length * half;
        var fits = length >= need && x - dx > 8 && x + dx < size - 8 && y - dy > 8 && y + dy < size - 8;
        if (fits && (!best || length > best.length)) best = { length: length, x: x, y: y, a: a, b: b };
      }
    });
    if (!best) return;
    var angle = Math.atan2(best.b[1] - best.a[1], best.b[0] - best.a[0]);
    if (angle > Math.PI / 2) angle -= Math.PI;
    if (angle < -Math.PI / 2) angle += Math.PI;
    pen.save();
    pen.translate(best.x, best.y);
    pen.rotate(angle);
    write(pen, item.about.name, 13, 500);
    pen.restore();
  }

  return {
    map: makeMap,
    statusTiles: function (options) { return new StatusTiles(options); }
  };
})();
