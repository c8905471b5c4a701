// Every page: theme, menus, dialogs, toasts, forms. Texts come from the page, never from here.
(() => {
  const desk = (window.creatorDesk = window.creatorDesk || {});
  const root = document.documentElement;
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const YEAR = 365 * 86400;

  // --- Theme and row height: a click is a form post without scripts; with them nothing reloads -------------------
  const remember = (name, value) => {
    document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax`;
    try { localStorage.setItem(name, value); } catch { /* private windows may refuse */ }
  };
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-theme-form]") || !event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value;
    remember("theme", theme);
    root.dataset.theme = theme;
    desk.resolveTheme();
    $$("[data-theme-form] button").forEach((button) => button.setAttribute("aria-pressed", button.value === theme));
    document.dispatchEvent(new CustomEvent("themechange"));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-density-toggle]");
    if (!button) return;
    event.preventDefault();
    const density = root.dataset.density === "compact" ? "normal" : "compact";
    remember("density", density);
    root.dataset.density = density;
    button.setAttribute("aria-pressed", density === "compact");
  });

  // --- Menus: <details data-menu>, one open at a time, closed by Esc or a click elsewhere ---------------------------
  const closeMenus = (except) => $$("details[data-menu][open]").forEach((menu) => {
    if (menu !== except && !menu.contains(except)) menu.open = false;
  });
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = $("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    $("summary", menu).focus();
    event.stopImmediatePropagation();
  });

  // --- Dialogs and sheets ---------------------------------------------------------------------------------------------
  const openDialog = (dialog) => { if (dialog && !dialog.open) dialog.showModal(); };
  desk.openDialog = openDialog;
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener && $(opener.dataset.dialog)) {
      event.preventDefault();
      closeMenus();
      openDialog($(opener.dataset.dialog));
    }
    const sheet = event.target.closest("[data-sheet]");
    if (sheet) {
      event.preventDefault();
      const panel = $(sheet.dataset.sheet);
      panel.classList.toggle("open");
      if (panel.classList.contains("open")) $("input, select, button, a", panel)?.focus();
      else $("[data-sheet]:not(.sheet-close)")?.focus();
    } else if (!event.target.closest(".facets")) {
      $(".facets.open")?.classList.remove("open");
    }
    // A click on the backdrop, which is the dialog element itself, closes it.
    if (event.target.matches("dialog[open]")) event.target.close("");
  });

  const ask = (source) => new Promise((resolve) => {
    const dialog = $("#confirm");
    const yes = $("button[value=yes]", dialog);
    $("#confirm-text").textContent = source.dataset.confirm;
    yes.textContent = source.dataset.confirmAction || yes.dataset.label;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    openDialog(dialog);
    yes.focus();
  });
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const source = event.submitter?.dataset.confirm ? event.submitter : form;
    if (!source.dataset?.confirm || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    if (!(await ask(source))) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
    delete form.dataset.confirmed;
  }, true);

  // hx-confirm asks in the same dialog.
  document.addEventListener("htmx:confirm", async (event) => {
    const { question, elt } = event.detail;
    if (!question) return;
    event.preventDefault();
    if (await ask({ dataset: { confirm: question, confirmAction: elt.dataset.confirmAction } })) event.detail.issueRequest(true);
  });

  // --- Toasts -----------------------------------------------------------------------------------------------------------
  const dismissLater = (node) => {
    // What went wrong stays until it is read.
    if (!node.matches(".bad, .error, .warn, .warning")) setTimeout(() => node.remove(), 6000);
  };
  desk.toast = (text, level = "ok") => {
    const area = $("#toasts");
    const node = $("template", area).content.firstElementChild.cloneNode(true);
    node.classList.add(level);
    $("span", node).textContent = text;
    area.append(node);
    dismissLater(node);
  };
  desk.announce = (text) => { $("#live").textContent = text; };
  document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.parentElement.remove());
  document.addEventListener("toast", (event) => desk.toast(event.detail.text, event.detail.level));

  // --- htmx: errors are said, empty filters stay out of the address, busy parts say so ------------------------------
  document.addEventListener("htmx:responseError", (event) => {
    const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    desk.toast($("[data-error]", page)?.textContent.trim() || $("#toasts").dataset.error, "bad");
  });
  document.addEventListener("htmx:sendError", () => desk.toast($("#toasts").dataset.offline, "bad"));
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") return;
    const { parameters } = event.detail;
    for (const key of Object.keys(parameters)) {
      const filled = [parameters[key]].flat().filter((value) => value !== "");
      if (filled.length) parameters[key] = filled;
      else delete parameters[key];
    }
  });
  document.addEventListener("htmx:beforeRequest", (event) => event.detail.target?.setAttribute?.("aria-busy", "true"));
  document.addEventListener("htmx:afterRequest", (event) => event.detail.target?.removeAttribute?.("aria-busy"));
  document.addEventListener("htmx:afterSettle", (event) => {
    const said = $("[data-announce]", event.detail.elt);
    if (said) desk.announce(said.textContent.trim());
  });
  document.addEventListener("submit", (event) => {
    // Without htmx a GET form would write every empty field into the address.
    if (event.target.method !== "get" || event.defaultPrevented) return;
    $$("input, select", event.target).forEach((control) => {
      if (control.name && control.value === "" && !control.disabled) {
        control.disabled = true;
        setTimeout(() => { control.disabled = false; });
      }
    });
  });

  // --- Uploads: a <label class="drop" data-drop> shows the chosen file ------------------------------------------------
  const dropState = (event, over) => event.target.closest?.("[data-drop]")?.classList.toggle("over", over);
  document.addEventListener("dragover", (event) => dropState(event, true));
  document.addEventListener("dragleave", (event) => dropState(event, false));
  document.addEventListener("drop", (event) => dropState(event, false));
  document.addEventListener("change", (event) => {
    const drop = event.target.closest("[data-drop]");
    if (!drop || event.target.type !== "file") return;
    const file = event.target.files[0];
    drop.classList.toggle("done", Boolean(file));
    $("[data-drop-name]", drop).textContent = file ? file.name : "";
    if (file && drop.dataset.drop === "submit") event.target.form.requestSubmit();
  });

  // --- What needs a start on every fragment ------------------------------------------------------------------------------
  // Rows that narrow screens lay out as a grid lose their table semantics: say them.
  const ROLES = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", th: "columnheader", td: "cell" };
  const addRoles = (table) => [table, ...$$("thead, tbody, tr, th, td", table)].forEach((part) => {
    part.setAttribute("role", ROLES[part.localName]);
  });
  const start = (node) => {
    $$("table.rows", node).forEach(addRoles);
    if (node.closest?.("table.rows")) addRoles(node.closest("table.rows"));
    $$("[data-indeterminate]", node).forEach((box) => { box.indeterminate = true; });
    const summary = node.matches?.("[data-focus]") ? node : $("[data-focus]", node);
    summary?.focus();
  };
  document.addEventListener("DOMContentLoaded", () => {
    start(document);
    $$("#toasts > .toast-x").forEach(dismissLater);
  });
  document.addEventListener("htmx:load", (event) => start(event.detail.elt));
})();
