// The board: cards are dragged to columns that they may go to. What a page marks:
//   [data-board], in it [data-column="state"] and [data-card="address of the move"][data-targets="state state"].
//   States that want a reason open the page of the move instead.
(() => {
  const WITH_REASON = ["dropped", "on_hold", "declined"];
  const $$ = (selector) => [...document.querySelectorAll(selector)];
  let dragged = null;

  const targets = () => (dragged ? dragged.dataset.targets.split(" ") : []);
  const mark = () => $$("[data-column]").forEach((column) => {
    const mine = dragged && column.contains(dragged);
    column.classList.toggle("may", Boolean(dragged) && targets().includes(column.dataset.column));
    column.classList.toggle("may-not", Boolean(dragged) && !mine && !targets().includes(column.dataset.column));
    column.classList.remove("over");
  });
  const open = (event) => {
    const column = event.target.closest?.("[data-column]");
    return column && targets().includes(column.dataset.column) ? column : null;
  };

  document.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.("[data-card]");
    if (!card) return;
    dragged = card;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.card);
    requestAnimationFrame(mark);
  });
  document.addEventListener("dragend", () => {
    dragged = null;
    mark();
  });
  document.addEventListener("dragover", (event) => {
    const column = open(event);
    $$("[data-column].over").forEach((one) => { if (one !== column) one.classList.remove("over"); });
    if (!column) return;
    event.preventDefault();
    column.classList.add("over");
  });
  document.addEventListener("drop", async (event) => {
    const column = open(event);
    if (!column) return;
    event.preventDefault();
    const address = dragged.dataset.card;
    const to = column.dataset.column;
    const here = location.pathname + location.search;
    if (WITH_REASON.includes(to)) {
      location.assign(`${address}?${new URLSearchParams({ to, next: here })}`);
      return;
    }
    await window.htmx.ajax("POST", address, { values: { to }, swap: "none" });
    await window.htmx.ajax("GET", here, { target: "#results", swap: "outerHTML" });
  });
})();
