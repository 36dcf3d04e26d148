// Watches the check of an upload and shows its page when it is done. Without it, the page reloads.
(() => {
  const box = document.getElementById("progress");
  const words = document.getElementById("progress-words");
  const again = () => setTimeout(look, 1000);
  const ask = () =>
    fetch(box.dataset.state, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(10000) });
  async function look() {
    const answer = await ask().catch(() => null);
    if (!answer || answer.status >= 500) {
      // A restart, or no line: a reload would end on the browser's own page and stay there.
      words.textContent = box.dataset.away;
      return again();
    }
    const state = answer.ok ? await answer.json().catch(() => null) : null;
    if (!state || state.over) return location.reload();
    words.textContent = state.words;
    const bar = box.querySelector("progress");
    [bar.max, bar.value] = [state.total, state.done];
    again();
  }
  if (box) again();
})();
