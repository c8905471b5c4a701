// Charts: <div data-chart="ID"> beside <script type="application/json" id="ID">; colours come from the CSS tokens.
// The JSON: {"type": "line"|"bar", "labels": [...], "series": [{"name", "values", "stack"?, "tone"?: "--warn"}], "language": "en"|"zh-hans", "prefix"?, "suffix"?}
(() => {
  const shown = new Map();
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const formatter = (data, notation) => {
    const write = new Intl.NumberFormat(data.language || "en", { notation, maximumFractionDigits: notation === "compact" ? 1 : 2 });
    return (value) => (value == null ? "–" : `${data.prefix || ""}${write.format(value)}${data.suffix || ""}`);
  };

  const options = (data) => {
    const [ink, muted, line, grid, raise] = ["--ink", "--ink-3", "--line-2", "--grid", "--raise"].map(token);
    const exact = formatter(data, "standard");
    return {
      animation: false,
      color: [token("--data"), token("--data-2"), token("--ink-3"), token("--data-3")],
      textStyle: { fontFamily: token("--font"), fontSize: 11, color: muted },
      grid: { left: 8, right: 12, top: data.series.length > 1 ? 30 : 12, bottom: 4, containLabel: true },
      legend: { show: data.series.length > 1, right: 0, top: 0, itemWidth: 8, itemHeight: 8, icon: "rect", textStyle: { color: muted, fontSize: 11 } },
      tooltip: {
        trigger: "axis", backgroundColor: raise, borderColor: line, textStyle: { color: ink, fontSize: 12 },
        axisPointer: { type: data.type === "bar" ? "shadow" : "line", lineStyle: { color: line }, shadowStyle: { color: grid, opacity: .6 } },
        valueFormatter: exact,
      },
      xAxis: { type: "category", data: data.labels, boundaryGap: data.type === "bar", axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: muted, hideOverlap: true, alignMinLabel: "left", alignMaxLabel: "right" } },
      yAxis: { type: "value", scale: data.type === "line", splitNumber: 4, splitLine: { lineStyle: { color: grid } }, axisLabel: { color: muted, formatter: formatter(data, "compact") } },
      series: data.series.map((one) => ({
        name: one.name, type: data.type, data: one.values, stack: one.stack, showSymbol: false, symbolSize: 6,
        itemStyle: one.tone ? { color: token(one.tone) } : undefined, lineStyle: { width: 1.75 }, barMaxWidth: 18, connectNulls: false, emphasis: { disabled: true },
      })),
    };
  };

  const draw = (box) => {
    const source = document.getElementById(box.dataset.chart);
    if (!source || !window.echarts) return;
    shown.get(box)?.dispose();
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    chart.setOption(options(JSON.parse(source.textContent)));
    shown.set(box, chart);
    // Without scripts the table is all there is; beside a chart it waits for its button.
    const figure = box.closest("[data-chart-figure]");
    if (figure && !figure.dataset.drawn) {
      figure.dataset.drawn = "yes";
      figure.querySelector("[data-chart-rows]").hidden = true;
    }
  };
  const start = (node) => node.querySelectorAll("[data-chart]").forEach(draw);
  const redraw = () => [...shown.keys()].forEach((box) => {
    if (box.isConnected) draw(box);
    else { shown.get(box).dispose(); shown.delete(box); }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-chart-table]");
    if (!button) return;
    const figure = button.closest("[data-chart-figure]");
    const table = figure.querySelector("[data-chart-rows]");
    table.hidden = !table.hidden;
    figure.querySelector("[data-chart]").hidden = !table.hidden;
    button.setAttribute("aria-pressed", !table.hidden);
    redraw();
  });
  document.addEventListener("themechange", redraw);
  window.addEventListener("resize", () => shown.forEach((chart) => chart.resize()));
  document.addEventListener("DOMContentLoaded", () => start(document));
  document.addEventListener("htmx:load", (event) => start(event.detail.elt));
})();
