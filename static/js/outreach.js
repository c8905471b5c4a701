// Copies a text for TikTok chat, ticks all creators, and shows the drafts of a newly chosen template at once.
(() => {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    source.select();
    try {
      await navigator.clipboard.writeText(source.value);
    } catch {
      document.execCommand("copy");
    }
    button.querySelector("[data-copy-label]").textContent = button.dataset.copied;
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-tick-all]")) {
      for (const one of document.querySelectorAll('[name="pick"]')) one.checked = event.target.checked;
    }
    if (event.target.matches("[data-preview] select")) {
      document.getElementById("preview").click();
    }
  });
})();
