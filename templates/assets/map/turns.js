// Work that can wait takes turns, each a short task: a finger on the map is answered in between.
(function (mapsvc) {
  "use strict";
  var TURN_MS = 8; // about 30 on a slow phone; from 50 a task is felt

  // A promise of a turn of its own.
  mapsvc.turn = function () { return new Promise(function (go) { setTimeout(go); }); };

  // Calls `work` with each item while `isWanted` holds, as many in a turn as there is time for.
  mapsvc.inTurns = function (items, isWanted, work) {
    var next = 0;
    return (function go() {
      var end = performance.now() + TURN_MS;
      while (next < items.length && isWanted() && performance.now() < end) work(items[next++]);
      return next < items.length && isWanted() ? mapsvc.turn().then(go) : Promise.resolve();
    })();
  };
})(window.mapsvc);
