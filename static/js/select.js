// Tom Select on <select data-tom-select>: the texts come from data-placeholder and data-none.
(() => {
  const start = (node) => {
    const found = [...node.querySelectorAll("select[data-tom-select]")];
    if (node.matches?.("select[data-tom-select]")) found.push(node);
    found.filter((select) => !select.tomselect).forEach((select) => {
      new window.TomSelect(select, {
        plugins: select.multiple ? ["remove_button"] : [],
        placeholder: select.dataset.placeholder || "",
        hidePlaceholder: true,
        maxOptions: null,
        render: {
          no_results: (data, escape) => `<div class="no-results">${escape(select.dataset.none || "–")}</div>`,
        },
      });
    });
  };
  document.addEventListener("DOMContentLoaded", () => start(document));
  document.addEventListener("htmx:load", (event) => start(event.detail.elt));
})();
