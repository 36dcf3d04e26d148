// Sends a crew's taps. Without reception they are kept on the phone, shown as waiting, and sent later:
// each once, because its form has a key, and with the time of the tap. Without it, forms go as ever.
(() => {
  const KEPT = "crew-taps";
  const box = () => document.getElementById("waiting");
  const kept = () => JSON.parse(localStorage.getItem(KEPT) || "[]");
  const keep = (taps) => localStorage.setItem(KEPT, JSON.stringify(taps));
  const forget = (tap) => keep(kept().filter((other) => other.id !== tap.id));
  const isOwn = (tap) => tap.account === box().dataset.account;
  let isSending = false;

  async function send(tap) {
    const body = new URLSearchParams(tap.body);
    const seal = document.querySelector("input[name=seal]");
    if (seal) body.set("seal", seal.value); // of the session of now
    const signal = AbortSignal.timeout ? AbortSignal.timeout(20000) : undefined; // Safari 15 has none
    const answer = await fetch(tap.address, { method: "POST", body, signal }).catch(() => null);
    return answer && answer.status < 500 ? answer : null;
  }
  async function show(answer) {
    if (answer.redirected) return location.assign(answer.url);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.title = page.title;
    document.body.replaceWith(page.body);
    scrollTo(0, 0);
    list();
  }
  function list() {
    const taps = kept().filter(isOwn);
    box().hidden = !taps.length;
    box().querySelector("ul").replaceChildren(...taps.map(line));
  }
  function line(tap) {
    const item = document.createElement("li");
    item.textContent = `${tap.words}, ${tap.time}`;
    if (tap.isAsked) {
      const button = document.createElement("button");
      button.className = "govuk-button govuk-button--secondary app-tap";
      button.textContent = box().dataset.asked;
      button.addEventListener("click", async () => {
        const answer = await send(tap);
        if (answer) {
          forget(tap);
          show(answer);
        }
      });
      item.append(" ", button);
    }
    return item;
  }
  async function sendAll() {
    if (isSending) return;
    isSending = true;
    for (const tap of kept().filter((one) => isOwn(one) && !one.isAsked)) {
      const answer = await send(tap);
      if (!answer) break;
      if (answer.headers.get("X-Mark") === "recorded") forget(tap);
      else keep(kept().map((one) => (one.id === tap.id ? { ...one, isAsked: true } : one)));
      list();
    }
    isSending = false;
  }
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-tap") || !box()) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    const button = event.submitter;
    if (button && button.name) body.append(button.name, button.value);
    const now = new Date();
    body.set("tapped", now.toISOString());
    const words = `${form.dataset.tap}: ${button ? button.textContent.trim() : ""}`;
    const time = now.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const account = box().dataset.account;
    const tap = { id: now.getTime(), account, address: form.action, body: body.toString(), words, time };
    const answer = await send(tap);
    if (answer) return show(answer);
    keep([...kept(), tap]);
    list();
    box().scrollIntoView();
  });
  if (!box()) return;
  list();
  sendAll();
  addEventListener("online", sendAll);
  setInterval(sendAll, 30000);
})();
