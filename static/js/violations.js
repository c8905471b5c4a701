// The form that logs a violation: keys of the picker, severities that narrow the rules, files, what the preview asks for.
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const field = (name) => $(`#entry-form [name="${name}"]`);

  // --- Picker: arrows go through the matches, Escape goes back to the text -------------------------------------------
  document.addEventListener("keydown", (event) => {
    const picker = event.target.closest("#picker");
    if (!picker) return;
    const input = $("#id_creator_text", picker);
    const stops = [input, ...$$(".match", picker)].filter(Boolean);
    const place = stops.indexOf(event.target);
    if (event.key === "Escape" && place > 0) {
      input.focus();
    } else if (place >= 0 && event.key === "ArrowDown") {
      stops[Math.min(place + 1, stops.length - 1)].focus();
    } else if (place >= 0 && event.key === "ArrowUp") {
      stops[Math.max(place - 1, 0)].focus();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });

  // Leaving the text is no change of the entry: only a picked creator is.
  document.addEventListener("change", (event) => {
    if (event.target.id === "id_creator_text") event.stopPropagation();
  }, true);

  // --- Severities narrow the rules; a chosen rule marks its severity --------------------------------------------------
  let allRules = [];
  // Tom Select counts its groups; the cards know their names.
  const severityOf = (rule) => field("rule_code").tomselect.optgroups[rule.optgroup]?.label;
  const narrow = (label) => {
    const select = field("rule_code")?.tomselect;
    if (!select) return;
    const kept = allRules.filter((rule) => !label || severityOf(rule) === label);
    if (!kept.some((rule) => rule.value === select.getValue())) select.clear();
    select.clearOptions((option) => kept.includes(option));
    select.addOptions(kept);
    select.refreshOptions(false);
    // It would take the next click for one that closes it.
    select.blur();
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-severity]")) {
      narrow(event.target.dataset.severity);
    } else if (event.target === field("rule_code")) {
      const rule = allRules.find((one) => one.value === event.target.value);
      const card = rule && $$("[data-severity]").find((one) => one.dataset.severity === severityOf(rule));
      if (card) card.checked = true;
    }
  });
  const startRules = () => {
    const select = field("rule_code")?.tomselect;
    if (select) allRules = Object.values(select.options).filter((rule) => rule.value);
  };

  // --- Files: a row goes at once, the input is emptied when its files are stored ---------------------------------------
  document.addEventListener("click", (event) => {
    const remove = event.target.closest("[data-remove-file]");
    if (!remove) return;
    event.preventDefault();
    remove.closest("li").remove();
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches("[data-upload]") && !event.target.files.length) event.preventDefault();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const input = event.target;
    if (!input.matches?.("[data-upload]") || !event.detail.successful) return;
    input.value = "";
    const drop = input.closest("[data-drop]");
    drop.classList.remove("done");
    $("[data-drop-name]", drop).textContent = "";
  });

  // --- What the preview says about the form beside it -------------------------------------------------------------------
  const follow = (preview) => {
    const { late, repeat, address, submit } = preview.dataset;
    $("#late-field").hidden = !late;
    $("#repeat-field").hidden = !repeat;
    $("#entry-submit").textContent = submit.trim();
    const mail = field("notice_address");
    if (mail && address && !mail.value) mail.value = address;
  };
  document.addEventListener("htmx:load", (event) => {
    const node = event.detail.elt;
    if (node.id === "preview") follow(node);
    if (node.id === "matches") $("#id_creator_text")?.setAttribute("aria-expanded", Boolean($(".match", node)));
    if (node.id !== "log") return;
    startRules();
    if ($(".picked", node) && !field("rule_code").value) field("rule_code").tomselect?.focus();
    else $("#id_creator_text", node)?.focus();
  });
  document.addEventListener("DOMContentLoaded", startRules);
})();
