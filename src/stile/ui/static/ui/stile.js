/* Small comforts on top of pages that already work without them.
   Nothing leaves the device: the shortlist lives in localStorage, drafts in sessionStorage, and both may be refused
   (private windows, full disks), in which case they last as long as the page does. */
(() => {
  "use strict";
  const doc = document;
  const root = doc.documentElement;
  const LIST = "stile.list";

  /* ---- a store that never throws ---- */
  const spare = new Map();
  const store = (kind) => ({
    get(key) {
      try { const kept = window[kind].getItem(key); if (kept !== null) return kept; } catch { /* refused: use the spare */ }
      return spare.has(kind + key) ? spare.get(kind + key) : null;
    },
    set(key, value) {
      try { window[kind].setItem(key, value); spare.delete(kind + key); } catch { spare.set(kind + key, value); }
    },
    drop(key) {
      try { window[kind].removeItem(key); } catch { /* nothing was kept */ }
      spare.delete(kind + key);
    },
  });
  const local = store("localStorage");
  const session = store("sessionStorage");

  /* ---- the shortlist ---- */
  const list = {
    all() {
      try {
        const rows = JSON.parse(local.get(LIST) || "[]");
        return Array.isArray(rows) ? rows.filter((row) => row && typeof row.id === "string") : [];
      } catch { return []; }
    },
    has: (id) => list.all().some((row) => row.id === id),
    put(rows) {
      if (rows.length) local.set(LIST, JSON.stringify(rows)); else local.drop(LIST);
      show();
      doc.dispatchEvent(new CustomEvent("stile:list", { detail: rows }));
    },
    add(row) { if (!list.has(row.id)) list.put([...list.all(), row]); },
    remove: (id) => list.put(list.all().filter((row) => row.id !== id)),
    count: () => list.all().length,
    clear: () => list.put([]),
  };
  window.stile = { list };

  const each = (within, selector, act) => {
    if (within.matches && within.matches(selector)) act(within);
    within.querySelectorAll(selector).forEach(act);
  };

  /* What a star knows of its activity; a whole address stays when a card later knows only the town. */
  const known = (data, before = {}) => ({
    id: data.star, name: data.name, url: data.url, when: data.when || "", where: data.address || before.where || data.town || "",
  });
  /* A page that shows something kept knows its times as they are now. */
  function freshen(within) {
    const rows = list.all();
    const now = rows.map((row) => {
      const el = [...within.querySelectorAll("[data-star]")].find((star) => star.dataset.star === row.id);
      return el ? known(el.dataset, row) : row;
    });
    if (JSON.stringify(now) !== JSON.stringify(rows)) list.put(now);
  }

  function show(within = doc) {
    const rows = list.all();
    const ids = new Set(rows.map((row) => row.id));
    each(within, "[data-star]", (el) => el.setAttribute("aria-pressed", String(ids.has(el.dataset.star))));
    each(within, "[data-count]", (el) => { el.textContent = String(rows.length); el.hidden = !rows.length; });
    /* A page may ask for the list itself: <ul data-list> with one <template> row holding an <a> and a [data-unstar]. */
    each(within, "[data-list]", (el) => {
      const shape = el.querySelector("template");
      if (!shape) return;
      el.querySelectorAll("[data-row]").forEach((old) => old.remove());
      rows.forEach((row) => {
        const made = shape.content.firstElementChild.cloneNode(true);
        made.dataset.row = row.id;
        const link = made.querySelector("a");
        link.textContent = row.name;
        if (/^\/(?!\/)/.test(row.url)) { link.setAttribute("href", row.url); link.dataset.whole = whole(row.url); }
        made.querySelectorAll("[data-says]").forEach((el) => { el.textContent = row[el.dataset.says] || ""; el.hidden = !el.textContent; });
        const off = made.querySelector("[data-unstar]");
        if (off) { off.dataset.unstar = row.id; off.append(vh(row.name)); }
        el.append(made);
      });
    });
    each(within, "[data-if-list]", (el) => { el.hidden = (el.dataset.ifList === "some") !== rows.length > 0; });
  }
  const vh = (words) => { const span = doc.createElement("span"); span.className = "vh"; span.textContent = " " + words; return span; };

  /* ---- share, copy, print ---- */
  const whole = (url) => new URL(url || location.href, location.href).href;
  async function copy(el) {
    const words = el.querySelector("[aria-live]") || el;
    const before = words.textContent;
    const text = el.dataset.text || whole(el.dataset.copy);
    try { await navigator.clipboard.writeText(text); } catch {
      const box = doc.createElement("textarea");
      box.value = text;
      box.className = "vh";
      doc.body.append(box);
      box.select();
      const done = doc.execCommand("copy");
      box.remove();
      el.focus();
      if (!done) { window.prompt("", text); return; }
    }
    words.textContent = el.dataset.done || before;
    setTimeout(() => { words.textContent = before; }, 3000);
  }

  /* ---- leaving quickly: cover the page at once, then replace this entry in the history ---- */
  function leave(link) {
    const cover = doc.createElement("div");
    cover.className = "cover";
    doc.body.append(cover);
    doc.title = "";
    location.replace(link.href);
  }
  let shifts = [];
  let alone = false;
  doc.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") { alone = false; shifts = []; return; }
    alone = !event.repeat;
  });
  doc.addEventListener("keyup", (event) => {
    const link = doc.querySelector("[data-exit]");
    if (!link || event.key !== "Shift" || !alone) return;
    shifts = [...shifts.filter((at) => event.timeStamp - at < 3000), event.timeStamp];
    if (shifts.length >= 3) leave(link);
  });

  /* ---- a desk by keyboard: "/" goes to the search, Enter in it asks, arrows or j and k walk the rows ---- */
  doc.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && at.matches("textarea[data-enter]")) { event.preventDefault(); at.form.requestSubmit(); return; }
    if (at.closest("input, select, textarea, summary, [contenteditable]")) return;
    const search = event.key === "/" && doc.querySelector("[data-slash]");
    if (search) { event.preventDefault(); search.focus(); search.select(); return; }
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    const rows = step ? [...doc.querySelectorAll("[data-rows] tbody th a")] : [];
    if (!rows.length) return;
    const here = rows.indexOf(at);
    event.preventDefault();
    rows[Math.min(rows.length - 1, Math.max(0, here < 0 ? 0 : here + step))].focus();
  });

  /* ---- one listener for all clicks ---- */
  doc.addEventListener("click", (event) => {
    const el = event.target.closest("[data-star],[data-unstar],[data-clear],[data-copy],[data-text],[data-share],[data-print],[data-exit],[data-close]");
    if (!el) return;
    const data = el.dataset;
    if ("star" in data) {
      if (list.has(data.star)) list.remove(data.star); else list.add(known(data));
    } else if ("unstar" in data) {
      const row = el.closest("[data-row]");
      const near = row && (row.nextElementSibling || row.previousElementSibling);
      const next = near && near.dataset.row;
      list.remove(data.unstar);
      const target = next && doc.querySelector(`[data-unstar="${CSS.escape(next)}"]`);
      (target || doc.getElementById("main")).focus();
    } else if ("clear" in data) list.clear();
    else if ("copy" in data || "text" in data) copy(el);
    else if ("share" in data) navigator.share({ title: data.title, url: whole(data.share) }).catch(() => { /* they changed their mind */ });
    else if ("print" in data) window.print();
    else if ("exit" in data) { event.preventDefault(); leave(el); }
    else if ("close" in data) { const bar = el.closest(".toast"); if (bar) bar.remove(); }
  });

  /* ---- long texts somebody is writing: kept for this visit, only where the page says data-keep ---- */
  const keyOf = (el) => `stile.draft.${location.pathname}.${el.dataset.keep}`;
  doc.addEventListener("input", (event) => {
    const el = event.target.closest("textarea[data-keep]");
    if (el) { if (el.value) session.set(keyOf(el), el.value); else session.drop(keyOf(el)); }
  });
  doc.addEventListener("submit", (event) => each(event.target, "textarea[data-keep]", (el) => session.drop(keyOf(el))));

  function ready(within) {
    freshen(within);
    show(within);
    each(within, "textarea[data-keep]", (el) => { const kept = session.get(keyOf(el)); if (kept && !el.value) el.value = kept; });
    each(within, "[data-share]", (el) => { el.hidden = !navigator.share; });
  }

  /* ---- after htmx has put a new piece in, the keyboard stays where it was, or goes to [data-focus] ---- */
  let held = null;
  doc.addEventListener("htmx:beforeSwap", () => {
    const el = doc.activeElement;
    held = el && el !== doc.body ? { id: el.id, name: el.getAttribute("name"), value: el.getAttribute("value") } : null;
  });
  doc.addEventListener("htmx:afterSettle", (event) => {
    const piece = event.detail.elt || event.target;
    ready(piece);
    const asked = piece.querySelector && piece.querySelector("[data-focus]");
    if (asked) { asked.focus(); return; }
    if (!held || (doc.activeElement && doc.activeElement !== doc.body)) return;
    const again = (held.id && doc.getElementById(held.id)) || (held.name && [...doc.getElementsByName(held.name)].find((el) => held.value === null || el.getAttribute("value") === held.value));
    if (again) again.focus({ preventScroll: true });
  });

  window.addEventListener("storage", (event) => { if (event.key === LIST || event.key === null) show(); });
  window.addEventListener("pageshow", () => show());
  root.classList.add("js");
  ready(doc);
  const first = doc.querySelector("[data-focus]");
  if (first) first.focus();
})();
