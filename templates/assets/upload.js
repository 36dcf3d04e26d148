// Watches the check of an upload and shows its page when it is done. Without it, the page reloads.
(() => {
  const box = document.getElementById("progress");
  const words = document.getElementById("progress-words");
  const again = () => setTimeout(look, 1000);
  const ask = async () => {
    const signal = AbortSignal.timeout ? AbortSignal.timeout(10000) : undefined; // Safari 15 has none
    return fetch(box.dataset.state, { redirect: "manual", cache: "no-store", signal });
  };
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
