// Lists: selection, cursor, drawer and keys. What a page marks:
//   <table data-list>, <tr data-row>; in each row a checkbox [data-pick] and the link [data-open] (Enter and a click);
//   [data-pick-all] in the head; .bulk with [data-picked-count data-one="1 selected" data-many="%s selected"],
//   [data-when-picked] (or ="2": from two on), [data-when-none], [data-pick-none] (clears);
//   <aside class="drawer"> swapped into #drawer, in it [data-drawer-close], [data-drawer-step="1"|"-1"];
//   [data-search] (key /), [data-key="s"|"c"|"p"] buttons, a[data-go="c"|"v"|...] (keys g c, g v).
(() => {
  const desk = window.creatorDesk;
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const list = () => $("table[data-list]");
  const rows = () => (list() ? $$("tr[data-row]", list()) : []);
  const cursor = () => $("table[data-list] tr.cursor");
  const box = (row) => $("[data-pick]", row);
  let anchor = null;
  let stepping = false;

  // --- Selection ----------------------------------------------------------------------------------------------------------
  const refresh = () => {
    const table = list();
    if (!table) return;
    const boxes = $$("[data-pick]", table);
    const picked = boxes.filter((one) => one.checked);
    boxes.forEach((one) => one.closest("tr").setAttribute("aria-selected", one.checked));
    const all = $("[data-pick-all]", table);
    if (all) {
      all.checked = picked.length > 0 && picked.length === boxes.length;
      all.indeterminate = picked.length > 0 && picked.length < boxes.length;
    }
    $$(".bulk").forEach((bar) => { bar.dataset.picked = picked.length; });
    $$("[data-picked-count]").forEach((node) => {
      const text = picked.length === 1 ? node.dataset.one : node.dataset.many;
      node.textContent = text.replace("%s", picked.length);
    });
    $$("[data-when-picked]").forEach((node) => { node.hidden = picked.length < Number(node.dataset.whenPicked || 1); });
    $$("[data-when-none]").forEach((node) => { node.hidden = picked.length > 0; });
  };
  const pick = (row, checked) => {
    if (box(row)) box(row).checked = checked;
    anchor = row;
  };
  const pickTo = (row) => {
    const all = rows();
    const [from, to] = [all.indexOf(anchor ?? row), all.indexOf(row)].sort((a, b) => a - b);
    all.slice(Math.max(from, 0), to + 1).forEach((one) => { if (box(one)) box(one).checked = true; });
    refresh();
  };
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-pick]");
    if (target) {
      if (event.shiftKey && anchor?.isConnected) pickTo(target.closest("tr"));
      else anchor = target.closest("tr");
    }
    if (event.target.closest("[data-pick-none]")) {
      event.preventDefault();
      rows().forEach((row) => pick(row, false));
      refresh();
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-all]")) rows().forEach((row) => pick(row, event.target.checked));
    if (event.target.matches("[data-pick], [data-pick-all]")) refresh();
  });
  document.addEventListener("DOMContentLoaded", refresh);
  document.addEventListener("htmx:load", refresh);

  // --- The cursor -----------------------------------------------------------------------------------------------------------
  const moveTo = (row) => {
    if (!row) return;
    cursor()?.classList.remove("cursor");
    row.classList.add("cursor");
    row.scrollIntoView({ block: "nearest" });
    ($("[data-open]", row) ?? box(row))?.focus({ preventScroll: true });
  };
  const move = (step) => {
    const all = rows();
    const at = all.indexOf(cursor());
    moveTo(all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)]);
    if (!drawer()) return;
    stepping = true;
    open(cursor());
  };
  // Walking through rows with an open drawer is one step of the history, not one for each row.
  document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
    if (stepping) event.detail.history.type = "replace";
    stepping = false;
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("table[data-list] tr[data-row]");
    if (!row || row === cursor()) return;
    cursor()?.classList.remove("cursor");
    row.classList.add("cursor");
  });

  // --- The drawer: an <aside class="drawer"> that htmx puts into #drawer; its address is the list's with ?open= ---
  const drawer = () => $("#drawer .drawer");
  const open = (row) => { if (row) $("[data-open]", row)?.click(); };
  const close = () => {
    if (!drawer()) return;
    $("#drawer").replaceChildren();
    const address = new URL(location.href);
    address.searchParams.delete("open");
    history.pushState({ htmx: true }, "", address);
    ($("[data-open]", cursor() ?? document) ?? $("#main"))?.focus({ preventScroll: true });
  };
  // A click anywhere in a row opens it, but not on what does something else, nor at the end of marking text.
  document.addEventListener("click", (event) => {
    const row = event.target.closest("table[data-list] tr[data-row]");
    if (!row || event.target.closest("a, button, input, select, textarea, label, summary, .c-check, .c-note")) return;
    if (String(getSelection()) === "") open(row);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-drawer-close]")) {
      event.preventDefault();
      close();
    }
    const step = event.target.closest("[data-drawer-step]");
    if (step) move(Number(step.dataset.drawerStep));
  });

  // --- Keys -------------------------------------------------------------------------------------------------------------------
  const press = (name) => {
    const button = $(`#drawer [data-key="${name}"]`) ?? $(`[data-key="${name}"]`);
    if (button && !button.closest("[hidden]")) button.click();
  };
  const actions = {
    "/": () => $("[data-search]")?.focus(),
    j: () => move(1),
    k: () => move(-1),
    x: () => { const row = cursor(); if (row) { pick(row, !box(row)?.checked); refresh(); } },
    X: () => { if (cursor()) pickTo(cursor()); },
    s: () => press("s"),
    c: () => press("c"),
    p: () => press("p"),
    "?": () => desk.openDialog($("#help")),
  };
  let going = 0;
  const go = (key) => {
    const target = $(`a[data-go="${key}"]`);
    if (target) location.assign(target.href);
  };
  const typing = (node) => node.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      const sheet = $(".facets.open");
      if (sheet) sheet.classList.remove("open");
      else if (typing(event.target) && !event.target.closest("dialog")) event.target.blur();
      else close();
      return;
    }
    if (typing(event.target)) return;
    if (Date.now() - going < 1200) {
      going = 0;
      go(event.key);
      return;
    }
    if (event.key === "g") going = Date.now();
    else if (event.key === "Enter" && cursor() && event.target === document.body) open(cursor());
    else if (actions[event.key]) {
      event.preventDefault();
      actions[event.key]();
    }
  });
})();
