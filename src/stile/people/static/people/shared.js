/* A shared device: a word before the time is up, and a way to stay that keeps what was being written. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-shared]");
  if (!form) return;
  const said = form.querySelector("[role=status]");
  let before = said.textContent;
  const whole = Number(form.dataset.shared) * 1000;
  let soon, over;

  function count() {
    clearTimeout(soon);
    clearTimeout(over);
    said.textContent = before;
    soon = setTimeout(() => { said.textContent = form.dataset.soon; form.querySelector("button").focus(); }, whole - 120000);
    over = setTimeout(() => { said.textContent = form.dataset.over; }, whole);
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await fetch(form.action, { method: "POST", credentials: "same-origin", headers: { "X-Requested-With": "stile" } });
      if (answer.status !== 204) throw new Error("not in");
      before = form.dataset.more;
      count();
    } catch { said.textContent = form.dataset.over; }
  });
  count();
})();
