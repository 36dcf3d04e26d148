// Watches the check of an upload and shows its page when it is done. Without it, the page reloads.
(() => {
  const box = document.getElementById("progress");
  const again = () => setTimeout(look, 1000);
  async function look() {
    try {
      const answer = await fetch(box.dataset.state, { redirect: "error", cache: "no-store" });
      const state = answer.ok ? await answer.json() : null;
      if (!state || state.over) return location.reload();
      box.querySelector("p").textContent = state.words;
      const bar = box.querySelector("progress");
      [bar.max, bar.value] = [state.total, state.done];
    } catch {
      // The line is gone for a moment: the next look may find it.
    }
    again();
  }
  if (box) again();
})();
