// The layer of tiles: streets and grass on canvas, in today's colours. A change of colours paints
// the tiles that are there again. Names are text on canvas, never HTML.
(function (mapsvc) {
  "use strict";
  var place = mapsvc.place;
  var TOUCH = 14; // pixels around a verge in which a click means it
  var PART = 32; // pixels of a tile that share one symbol until there is room for each
  var ROAD = { 13: 2, 14: 3, 15: 5, 16: 8, 17: 12, 18: 18, 19: 26 };

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

  function pathOf(lines, isClosed) {
    var path = new Path2D();
    lines.forEach(function (line) {
      line.forEach(function (p, i) { if (i) path.lineTo(p[0], p[1]); else path.moveTo(p[0], p[1]); });
      if (isClosed) path.closePath();
    });
    return path;
  }

  var StatusTiles = L.GridLayer.extend({
    initialize: function (options) {
      L.setOptions(this, options);
      this.status = mapsvc.makeStatus(L.extend({ edition: place.dataset.edition }, options));
      this.parts = { streets: true, verges: true };
      this.loaded = new Map();
    },

    // The map has its view first, and the tiles a turn of their own.
    addTo: function (map) {
      mapsvc.layer = this;
      map.whenReady(function () { mapsvc.turn().then(map.addLayer.bind(map, mapsvc.layer)); });
      return this;
    },

    onAdd: function (map) {
      var layer = this;
      this.status.start(map);
      map.on("zoomend", this.status.closer, this.status);
      this.status.on("change", this.repaint, this).on("edition", this.redraw, this);
      this.on("tileunload", function (event) {
        var key = layer._tileCoordsToKey(event.coords), tile = layer.loaded.get(key);
        if (tile) tile.canvas.width = 0; // gives its pixels back at once
        layer.loaded.delete(key);
        if (event.tile.asked) event.tile.asked.abort();
      });
      this.on("load", function () { if (layer.loaded.size) place.classList.add("app-map--drawn"); });
      mapsvc.showPlaces(map, this);
      mapsvc.tellOf(map, this);
      mapsvc.keepLegend(map, this);
      if (mapsvc.keepList) mapsvc.keepList(map, this);
      if (mapsvc.keepPin) mapsvc.keepPin(map);
      return L.GridLayer.prototype.onAdd.call(this, map);
    },

    createTile: function (coords, done) {
      var layer = this, canvas = document.createElement("canvas"), size = this.getTileSize().x;
      var ratio = window.devicePixelRatio || 1;
      canvas.width = canvas.height = size * ratio;
      canvas.setAttribute("aria-hidden", "true");
      canvas.asked = new AbortController();
      // Both are asked for at once: on a slow line the one would wait long for the other.
      Promise.all([this._ask(coords, canvas.asked.signal), this.status.ready()]).then(function (found) {
        return mapsvc.turn().then(function () { return found; });
      }).then(function (found) {
        if (canvas.asked.signal.aborted) return;
        if (!layer.status.isKnown) throw new Error("no status");
        var data = found[0];
        function isSpot(f) { return "place" in f.properties || "ring" in f.properties; }
        var spots = data.features.filter(isSpot);
        var tile = prepared(data.features.filter(function (f) { return !isSpot(f); }), coords, size, canvas);
        if (spots.length) layer.fire("spots", { spots: spots, zoom: coords.z });
        layer.loaded.set(layer._tileCoordsToKey(coords), tile);
        layer._paint(tile);
        done(null, canvas);
      }).catch(function (error) {
        if (error.name === "AbortError") return;
        // An edition that is not current any more is a 404: the status names the new one.
        if (error.message === "404") layer.status.refresh();
        else layer.status.fail();
        done(error, canvas);
      });
      return canvas;
    },

    _ask: function (coords, signal) {
      var address = ["/tiles", encodeURIComponent(this.status.edition), coords.z, coords.x, coords.y + ".json"].join("/");
      return fetch(address, { signal: signal }).then(function (answer) {
        if (answer.status === 204) return { features: [] };
        if (!answer.ok) throw new Error(answer.status);
        return answer.json();
      });
    },

    setPart: function (name, isShown) {
      this.parts[name] = isShown;
      this.repaint();
    },

    repaint: function () {
      this.loaded.forEach(function (tile) { this._paint(tile); }, this);
      this.fire("repaint");
    },

    _paint: function (tile) {
      var pen = tile.canvas.getContext("2d"), ratio = tile.canvas.width / tile.size;
      var zoom = this._map ? this._map.getZoom() : tile.coords.z;
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, tile.size, tile.size);
      pen.lineJoin = pen.lineCap = "round";
      if (this.parts.streets) this._paintRoads(pen, tile.streets, zoom);
      if (this.parts.verges) {
        tile.grass.forEach(function (item) { this._paintGrass(pen, item); }, this);
        this._paintSymbols(pen, tile, zoom);
      }
      if (this.parts.streets && zoom >= 16) tile.streets.forEach(function (item) { paintName(pen, item, tile.size); });
    },

    _paintRoads: function (pen, streets, zoom) {
      var width = ROAD[zoom] || 1.5;
      // Main roads far away are no street, as no street is chosen on the map of all.
      function isChosen(street) { return street.about.street && street.about.street === place.dataset.street; }
      streets.filter(isChosen).forEach(function (street) {
        stroke(pen, street.path, "#fd0", width + 9);
        stroke(pen, street.path, "#0b0c0c", width + 2);
      });
      streets.forEach(function (street) {
        if (!isChosen(street)) stroke(pen, street.path, "#c4bda9", width + 2);
      });
      streets.forEach(function (street) { stroke(pen, street.path, zoom < 13 ? "#d8c9a0" : "#fff", width); });
    },

    _paintGrass: function (pen, item) {
      item.points.forEach(function (p, i) {
        pen.fillStyle = this.status.looks[this.status.ofPoint(item.about, i)].colour;
        pen.beginPath();
        pen.arc(p[0], p[1], 3.5, 0, 7);
        pen.fill();
      }, this);
      if (!item.path) return;
      var look = this.status.looks[this.status.of(item.about)];
      pen.fillStyle = look.colour;
      pen.lineCap = "butt";
      if (item.area) {
        pen.globalAlpha = 0.4;
        pen.fill(item.path);
        pen.globalAlpha = 1;
      }
      pen.setLineDash(look.dash);
      stroke(pen, item.path, look.colour, item.area ? 2.5 : 5);
      pen.setLineDash([]);
      pen.lineCap = "round";
    },

    // Far away one piece of grass in each part of the tile has its symbol, as all have no room.
    _paintSymbols: function (pen, tile, zoom) {
      var isClose = zoom >= 16, size = isClose ? 0.72 : 0.55, edge = isClose ? 0 : 14 * size, taken = {}, status = this.status;
      function symbol(code, at) {
        var part = [Math.floor(at[0] / PART), Math.floor(at[1] / PART)];
        var isCutOff = Math.min(at[0], at[1]) < edge || Math.max(at[0], at[1]) > tile.size - edge;
        if (!isClose && (taken[part] || isCutOff)) return;
        taken[part] = true;
        paintSymbol(pen, status.looks[code], at, size);
      }
      tile.grass.forEach(function (item) {
        if (item.at) symbol(status.of(item.about), item.at);
        item.points.forEach(function (p, i) { symbol(status.ofPoint(item.about, i), p); });
      });
    },

    // Each tile of this zoom with the view's box in its pixels.
    inView: function (bounds, look) {
      var ofZoom = Math.min(this._map.getZoom(), this.options.maxNativeZoom);
      this.loaded.forEach(function (tile) {
        if (tile.coords.z !== ofZoom) return;
        var project = projector(tile.coords, tile.size);
        var a = project([bounds.getWest(), bounds.getNorth()]), b = project([bounds.getEast(), bounds.getSouth()]);
        var box = L.bounds([Math.max(a[0], 0), Math.max(a[1], 0)], [Math.min(b[0], tile.size), Math.min(b[1], tile.size)]);
        if (box.max.x > box.min.x && b[0] > 0 && b[1] > 0 && a[0] < tile.size && a[1] < tile.size) look(tile, box);
      });
    },

    // The statuses of the grass that is drawn within bounds.
    statusesIn: function (bounds) {
      var found = new Set(), status = this.status;
      if (this.parts.verges) this.inView(bounds, function (tile, box) {
        tile.grass.forEach(function (item) {
          if (item.path && box.intersects(item.box)) found.add(status.of(item.about));
          item.points.forEach(function (p, i) { if (box.contains(p)) found.add(status.ofPoint(item.about, i)); });
        });
      });
      return found;
    },

    // What is drawn at a position: a verge, else a street, else a round that is shown as points.
    hit: function (latlng, touch) {
      var hit = null, reach = Math.max(touch || 0, TOUCH), rank = { verge: 3, street: 2, round: 1 };
      this.loaded.forEach(function (tile) {
        var p = projector(tile.coords, tile.size)([latlng.lng, latlng.lat]);
        if (p[0] < -reach || p[1] < -reach || p[0] >= tile.size + reach || p[1] >= tile.size + reach) return;
        var pen = tile.canvas.getContext("2d");
        pen.setTransform(1, 0, 0, 1, 0, 0);
        pen.lineWidth = reach * 2;
        tile.grass.concat(tile.streets).forEach(function (item) {
          var kind = item.points.length ? "round" : item.about.verge ? "verge" : "street";
          if (kind === "street" && !item.about.street) return; // one of many main roads, far away
          if (hit && rank[hit.kind] >= rank[kind]) return;
          if (touches(pen, item, p, reach)) hit = { kind: kind, about: item.about };
        });
      });
      return hit;
    }
  });

  function paintSymbol(pen, look, at, size) {
    pen.save();
    pen.translate(at[0], at[1]);
    pen.beginPath();
    pen.arc(0, 0, 14 * size, 0, 7);
    pen.fillStyle = look.colour;
    pen.fill();
    pen.lineWidth = 1.5;
    pen.strokeStyle = "#fff";
    pen.stroke();
    pen.scale(size, size);
    pen.translate(-8, -8);
    stroke(pen, new Path2D(look.symbol), "#fff", 2);
    pen.restore();
  }

  function touches(pen, item, p, reach) {
    if (item.path) return (item.area && pen.isPointInPath(item.path, p[0], p[1])) || pen.isPointInStroke(item.path, p[0], p[1]);
    return item.points.some(function (q) { return Math.hypot(q[0] - p[0], q[1] - p[1]) <= reach; });
  }

  function prepared(features, coords, size, canvas) {
    var project = projector(coords, size);
    var items = features.map(function (feature) {
      var g = feature.geometry, p = feature.properties, isArea = /Polygon/.test(g.type);
      var points = g.type === "Point" ? [g.coordinates] : g.type === "MultiPoint" ? g.coordinates : [];
      var drawn = lines(g).map(function (line) { return line.map(project); });
      return {
        about: p,
        area: isArea,
        lines: drawn,
        path: points.length ? null : pathOf(drawn, isArea),
        box: L.bounds([].concat.apply([], drawn)),
        points: points.map(project),
        at: p.at && project(p.at)
      };
    });
    return {
      coords: coords, size: size, canvas: canvas,
      streets: items.filter(function (i) { return "name" in i.about; }),
      grass: items.filter(function (i) { return "round" in i.about; })
    };
  }

  function stroke(pen, path, colour, width) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.stroke(path);
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
    if (best) write(pen, item.about.name, best);
  }

  function write(pen, text, at) {
    var angle = Math.atan2(at.b[1] - at.a[1], at.b[0] - at.a[0]);
    if (angle > Math.PI / 2) angle -= Math.PI;
    if (angle < -Math.PI / 2) angle += Math.PI;
    pen.save();
    pen.translate(at.x, at.y);
    pen.rotate(angle);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineWidth = 4;
    pen.strokeStyle = "#f3f2ec";
    pen.strokeText(text, 0, 0);
    pen.fillStyle = "#0b0c0c";
    pen.fillText(text, 0, 0);
    pen.restore();
  }

  // One entry of the layer control: a part of the tiles that can be shown or not.
  var Part = L.Layer.extend({
    initialize: function (name) { this._part = name; },
    onAdd: function () { mapsvc.layer.setPart(this._part, true); },
    onRemove: function () { mapsvc.layer.setPart(this._part, false); }
  });

  mapsvc.projector = projector;
  mapsvc.statusTiles = function (options) { return new StatusTiles(options); };
  mapsvc.part = function (name) { return new Part(name); };
})(window.mapsvc);
