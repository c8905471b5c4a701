// Runs before the first paint: resolves "as the system" to light or dark, and says that scripts run.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const resolve = () => {
    const chosen = root.dataset.theme;
    root.dataset.bsTheme = chosen === "dark" || (chosen === "auto" && dark.matches) ? "dark" : "light";
  };
  root.classList.add("js");
  resolve();
  dark.addEventListener("change", () => {
    resolve();
    document.dispatchEvent(new CustomEvent("themechange"));
  });
  window.creatorDesk = { resolveTheme: resolve };
})();
