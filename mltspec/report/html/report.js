"use strict";
(() => {
  const pictures = JSON.parse(document.getElementById("pictures").textContent);
  const tones = ["--one", "--two", "--three", "--four", "--five"].map((name) => `var(${name})`);
  const dashes = ["", "6 4", "2 3", "8 3 2 3", "12 4"];
  const judged = [[true, "var(--held)"], [false, "var(--failed)"], [null, "var(--plain)"]];
  const finite = (value) => (value === null ? NaN : Number(value));

  // The plotting library stands packed in the page and is unpacked when the first picture comes into view.
  let library = null;
  const load = () => (library ??= unpack());
  async function unpack() {
    const bytes = Uint8Array.from(atob(document.getElementById("plot").textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = `${await new Response(stream).text()}`;
    document.head.append(script);
    return window.Plot;
  }

  function curves(Plot, shown, width) {
    const lines = shown.lines.map((line) => ({
      name: line.name,
      points: line.x.map((x, i) => ({ x: finite(x), y: finite(line.y[i]), name: line.name })),
    }));
    const drawn = (p) => Number.isFinite(p.y) && (!shown.log || p.y > 0);
    const all = lines.flatMap((line) => line.points.filter(drawn));
    const marks = [
      ...shown.phases.map((p) => Plot.rectX([p], { x1: "start", x2: "end", fill: "currentColor", fillOpacity: 0.07 })),
      ...lines.map((line, i) => Plot.lineY(line.points, {
        x: "x", y: (p) => (drawn(p) ? p.y : NaN), stroke: tones[i % 5], strokeDasharray: dashes[i % 5], strokeWidth: 1.8,
      })),
      ...lines.filter((line) => line.points.length === 1).map((line) => Plot.dot(line.points, { x: "x", y: "y" })),
    ];
    if (shown.phases.length) marks.push(Plot.text(shown.phases, { x: (p) => (finite(p.start) + finite(p.end)) / 2, text: "text", frameAnchor: "top", dy: -2 }));
    if (shown.bound) {
      marks.push(Plot.ruleY([finite(shown.bound.value)], { stroke: "currentColor", strokeDasharray: "4 4", strokeOpacity: 0.7 }));
      marks.push(Plot.text([shown.bound], { y: (b) => finite(b.value), text: "text", frameAnchor: "right", textAnchor: "end", dy: -7 }));
    }
    for (const moment of shown.moments) {
      const late = all.length && finite(moment.at) > all.reduce((most, p) => Math.max(most, p.x), 0) / 2;
      marks.push(Plot.ruleX([finite(moment.at)], { stroke: "var(--failed)", strokeWidth: 1.5 }));
      marks.push(Plot.text([moment], { x: (m) => finite(m.at), text: "text", frameAnchor: "top", textAnchor: late ? "end" : "start", dx: late ? -6 : 6, dy: 2, fill: "var(--failed)" }));
    }
    marks.push(Plot.ruleX(all, Plot.pointerX({ x: "x", stroke: "currentColor", strokeOpacity: 0.3 })));
    marks.push(Plot.tip(all, Plot.pointer({ x: "x", y: "y", title: (p) => `${p.name}\n${shown.x} ${p.x}\n${p.y.toPrecision(4)}`, fill: "var(--card)" })));
    return Plot.plot({
      width, height: Math.min(300, Math.max(200, width * 0.4)), marginLeft: 58, marginTop: 26, marginBottom: 40, style: { fontSize: "12px" },
      x: { label: shown.x }, y: { label: shown.y, grid: true, type: shown.log ? "log" : "linear" }, marks,
      ariaLabel: shown.title,
    });
  }

  function bars(Plot, shown, width) {
    const known = shown.bars.map((bar) => ({ ...bar, value: finite(bar.value), low: bar.low === null ? null : finite(bar.low), high: bar.high === null ? null : finite(bar.high) }));
    const positive = known.map((bar) => bar.value).filter((value) => value > 0);
    const floor = positive.length ? Math.min(...positive) / 10 : 1e-12;
    const at = (bar) => (shown.log && !(bar.value > 0) ? floor : bar.value);
    const room = Math.min(width * 0.42, 24 + 7 * Math.max(...known.map((bar) => bar.name.length), 4));
    const told = (bar) => [bar.name, `${shown.value} ${bar.value}`, bar.low === null ? "" : `${bar.low} to ${bar.high}`, bar.note].filter(Boolean).join("\n");
    const drawn = known.filter((bar) => Number.isFinite(bar.value) && (!shown.log || bar.value > 0));
    const cut = Math.floor(room / 7) - 2;
    const marks = [Plot.ruleY(known, { y: "name", strokeOpacity: 0.12 })];
    if (shown.bound) {
      marks.push(Plot.ruleX([finite(shown.bound.value)], { stroke: "currentColor", strokeDasharray: "4 4" }));
      marks.push(Plot.text([shown.bound], { x: (b) => finite(b.value), text: "text", frameAnchor: "top", dy: -14 }));
    }
    for (const [held, tone] of judged) {
      const some = drawn.filter((bar) => bar.held === held);
      marks.push(Plot.ruleY(some.filter((bar) => bar.low !== null && bar.high !== null), { y: "name", x1: "low", x2: "high", stroke: tone, strokeWidth: 2.5 }));
      marks.push(Plot.dot(some, { x: at, y: "name", fill: tone, r: 5, symbol: held === false ? "diamond2" : "circle" }));
    }
    marks.push(Plot.text(known.filter((bar) => !Number.isFinite(bar.value) || (shown.log && !(bar.value > 0))), { y: "name", frameAnchor: "left", textAnchor: "start", dx: 10, text: (bar) => (bar.value === 0 ? `0 ${bar.note}` : `${bar.value} ${bar.note}`), fill: "var(--failed)" }));
    marks.push(Plot.tip(drawn, Plot.pointerY({ x: at, y: "name", title: told, fill: "var(--card)" })));
    return Plot.plot({
      width, height: 70 + 24 * known.length, marginLeft: room, marginTop: shown.bound ? 34 : 12, marginRight: 24, marginBottom: 42, style: { fontSize: "12px" },
      x: { label: shown.value, grid: true, type: shown.log ? "log" : "linear", nice: true, ...(shown.log ? { ticks: 5, tickFormat: "~e" } : { ticks: Math.max(3, width / 110) }) },
      y: { label: null, domain: known.map((bar) => bar.name), tickSize: 0, tickFormat: (name) => (name.length > cut ? `…${name.slice(1 - cut)}` : name) },
      marks, ariaLabel: shown.title,
    });
  }

  function legend(shown) {
    if (shown.kind !== "curves" || shown.lines.length < 2) return null;
    const list = document.createElement("p");
    list.className = "legend";
    shown.lines.forEach((line, i) => {
      const sample = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      sample.setAttribute("width", "28"); sample.setAttribute("height", "10"); sample.setAttribute("aria-hidden", "true");
      const stroke = document.createElementNS("http://www.w3.org/2000/svg", "line");
      Object.entries({ x1: 0, x2: 24, y1: 5, y2: 5, "stroke-width": 2, "stroke-dasharray": dashes[i % 5] }).forEach(([name, value]) => stroke.setAttribute(name, value));
      stroke.style.stroke = tones[i % 5];
      sample.append(stroke);
      list.append(sample, document.createTextNode(`${line.name}   `));
    });
    return list;
  }

  async function draw(figure) {
    const shown = pictures[Number(figure.dataset.picture)];
    const room = figure.querySelector(".plot");
    const width = Math.max(280, Math.floor(room.clientWidth || 640));
    if (room.dataset.width === String(width)) return;
    room.dataset.width = String(width);
    const Plot = await load();
    room.replaceChildren(...[legend(shown), (shown.kind === "curves" ? curves : bars)(Plot, shown, width)].filter(Boolean));
  }

  const figures = [...document.querySelectorAll("figure.picture")];
  const seen = new IntersectionObserver((entries) => entries.filter((e) => e.isIntersecting).forEach((e) => draw(e.target)), { rootMargin: "300px" });
  figures.forEach((figure) => seen.observe(figure));
  let later = 0;
  addEventListener("resize", () => {
    clearTimeout(later);
    later = setTimeout(() => figures.filter((f) => f.querySelector(".plot").dataset.width && f.offsetParent).forEach(draw), 150);
  });

  const claims = [...document.querySelectorAll(".claim")];
  const filters = document.querySelector(".filters");
  const find = document.getElementById("find");
  const boxes = [...filters.querySelectorAll("input[type=checkbox]")];
  const output = document.getElementById("shown");
  filters.hidden = claims.length === 0;
  filters.addEventListener("submit", (event) => event.preventDefault());
  function filter() {
    const text = find.value.trim().toLowerCase();
    const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const claim of claims) {
      const shown = wanted.has(claim.dataset.verdict) && (!text || claim.textContent.toLowerCase().includes(text));
      claim.hidden = !shown;
      count += shown;
    }
    document.querySelectorAll(".suite").forEach((suite) => { suite.hidden = !suite.querySelector(".claim:not([hidden])"); });
    output.textContent = count === claims.length ? "" : `${count} of ${claims.length} shown`;
  }
  find.addEventListener("input", filter);
  boxes.forEach((box) => box.addEventListener("change", filter));
  const fold = document.getElementById("fold");
  fold.addEventListener("click", () => {
    const open = fold.textContent === "open all";
    claims.forEach((claim) => { claim.open = open; });
    fold.textContent = open ? "close all" : "open all";
  });
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) { event.preventDefault(); find.focus(); }
  });
  document.querySelectorAll(".copy").forEach((button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.previousElementSibling.textContent);
      button.textContent = "copied";
    });
  });
  const target = () => { const claim = document.getElementById(location.hash.slice(1)); if (claim?.matches(".claim")) claim.open = true; };
  addEventListener("hashchange", target);
  target();
  addEventListener("beforeprint", () => { claims.filter((c) => c.dataset.verdict !== "passed").forEach((c) => { c.open = true; }); figures.filter((f) => f.offsetParent).forEach(draw); });
})();
