// The places where a person stays, on a map without tiles; longer stays are larger. Tiles would have to be requested
// from a third party, which would then learn where the person was.

import { button, h, say, svg } from "../../ui/dom.ts";
import { counted, number } from "../../ui/words.ts";
import type { Any, Picture } from "../kinds.ts";
import { type Drawn, onKeys } from "./picture.ts";
import { gathered, type Place } from "./series.ts";

type Places = Extract<Picture<Any>, { form: "places" }>;

interface View {
  lat: number;
  lon: number;
  /** Degrees of latitude from the lower edge to the upper one. */
  height: number;
}

/** Places within this many degrees of the longest stay are shown at first. A click shows the others. */
const NEIGHBOURHOOD = 0.5;
const KM_PER_DEGREE = 111.32;
/** The possible distances of grid lines in degrees, and lengths of the scale in kilometres. */
const GRID = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002];
const SCALE = [2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1];

export function places(host: HTMLElement, picture: Places, label: string): Drawn {
  let found: Place[] = [];
  let view: View = { lat: 0, lon: 0, height: 120 };
  let moved = false;
  let [width, height] = [640, 300];
  const map = svg("svg", { class: "map", "aria-hidden": "true" });
  const holder = h("div", {
    class: "map-holder",
    tabindex: 0,
    role: "group",
    "aria-label": `${label}. Arrow keys move the map, plus and minus zoom, 0 shows all. The places are listed beside it.`,
  });
  holder.append(map);
  const list = h("ol", { class: "places", "aria-label": "Places" });
  const zoomBar = h(
    "div",
    { class: "zoom", role: "toolbar", "aria-label": "Zoom" },
    button("−", () => zoom(2), { "aria-label": "Zoom out" }),
    button("+", () => zoom(0.5), { "aria-label": "Zoom in" }),
    button("All", () => whole(), { "aria-label": "Show all" }),
  );
  host.replaceChildren(h("div", { class: "geography" }, holder, list), zoomBar);
  const resize = new ResizeObserver(() => {
    [width, height] = [Math.max(1, map.clientWidth), Math.max(1, map.clientHeight)];
    map.setAttribute("viewBox", `0 0 ${width} ${height}`);
    draw();
  });
  resize.observe(map);
  const move = (x: number, y: number) => () => shift(x * width * 0.2, y * height * 0.2);
  onKeys(holder, {
    ArrowLeft: move(1, 0),
    ArrowRight: move(-1, 0),
    ArrowUp: move(0, 1),
    ArrowDown: move(0, -1),
    "+": () => zoom(0.5),
    "=": () => zoom(0.5),
    "-": () => zoom(2),
    "0": () => whole(),
  });
  holder.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2);
    },
    { passive: false },
  );
  holder.addEventListener("pointermove", (event) => {
    if (event.buttons !== 1) return;
    shift(event.movementX, event.movementY);
  });

  return {
    update(records) {
      found = gathered(records.map(picture.place));
      if (!moved) fit(neighbourhood());
      draw();
      say(list, "");
      list.append(
        ...found.map((place) =>
          h("li", {}, button(place.name, () => visit(place), { class: "link" }), ` ${counted(place.stays, "stay")}, ${number(Math.round(place.hours))} h`),
        ),
      );
    },
    destroy() {
      resize.disconnect();
      host.replaceChildren();
    },
  };

  function neighbourhood(): Place[] {
    const [home] = found;
    if (home === undefined) return [];
    return found.filter(({ lat, lon }) => Math.abs(lat - home.lat) < NEIGHBOURHOOD && Math.abs(lon - home.lon) < NEIGHBOURHOOD);
  }

  function visit({ lat, lon }: Place): void {
    look({ lat, lon, height: 0.08 });
  }

  function whole(): void {
    moved = true;
    fit(found);
    draw();
  }

  function zoom(by: number): void {
    look({ ...view, height: Math.min(170, Math.max(0.005, view.height * by)) });
  }

  function shift(x: number, y: number): void {
    const perUnit = view.height / height;
    look({ ...view, lat: Math.max(-85, Math.min(85, view.lat + y * perUnit)), lon: view.lon - (x * perUnit) / narrowing() });
  }

  function look(to: View): void {
    moved = true;
    view = to;
    draw();
  }

  function fit(all: readonly Place[]): void {
    if (all.length === 0) return;
    const lats = all.map(({ lat }) => lat);
    const lons = all.map(({ lon }) => lon);
    const [south, north, west, east] = [Math.min(...lats), Math.max(...lats), Math.min(...lons), Math.max(...lons)];
    view = { lat: (south + north) / 2, lon: (west + east) / 2, height: 1 };
    view.height = Math.max(0.02, (north - south) * 1.5, (((east - west) * narrowing()) / width) * height * 1.3);
  }

  /** The length of a degree of longitude in relation to one of latitude, which is smaller near the poles. */
  function narrowing(): number {
    return Math.cos((view.lat * Math.PI) / 180);
  }

  function at({ lat, lon }: { lat: number; lon: number }): [number, number] {
    const perDegree = height / view.height;
    return [width / 2 + (lon - view.lon) * narrowing() * perDegree, height / 2 - (lat - view.lat) * perDegree];
  }

  function draw(): void {
    const most = Math.max(...found.map(({ hours }) => hours), 1);
    const drawn = found.map((place) => ({ place, spot: at(place), radius: 4 + 18 * Math.sqrt(place.hours / most) }));
    // The longest stays are named first. A name that would overlap another is left out.
    const labels: SVGElement[] = [];
    const taken: [number, number, number][] = [];
    for (const { place, spot, radius } of drawn) {
      const [x, y] = [spot[0], spot[1] - radius - 5];
      const half = place.name.length * 3.6;
      if (taken.some(([tx, ty, t]) => Math.abs(tx - x) < t + half && Math.abs(ty - y) < 14)) continue;
      taken.push([x, y, half]);
      labels.push(svg("text", { x, y, class: "place-name" }, place.name));
    }
    const circles = drawn.map(({ place, spot: [cx, cy], radius }) =>
      svg("circle", { cx, cy, r: radius, class: "place" }, svg("title", {}, `${place.name}: ${counted(place.stays, "stay")}`)),
    );
    map.replaceChildren(...grid(), ...circles, ...labels, ...scale());
  }

  function grid(): SVGElement[] {
    const step = GRID.find((one) => one <= view.height / 3) ?? 0.001;
    const lines: SVGElement[] = [];
    const digits = step < 0.01 ? 3 : step < 1 ? 2 : 0;
    for (let lat = Math.ceil((view.lat - view.height / 2) / step) * step; lat < view.lat + view.height / 2; lat += step) {
      const [, y] = at({ lat, lon: 0 });
      lines.push(svg("line", { x1: 0, x2: width, y1: y, y2: y }), svg("text", { x: 4, y: y - 3, class: "degrees" }, `${lat.toFixed(digits)}°`));
    }
    const across = ((view.height / height) * width) / narrowing() / 2;
    const wide = GRID.find((one) => one <= across / 2.5) ?? 0.001;
    for (let lon = Math.ceil((view.lon - across) / wide) * wide; lon < view.lon + across; lon += wide) {
      const [x] = at({ lat: 0, lon });
      lines.push(svg("line", { x1: x, x2: x, y1: 0, y2: height }), svg("text", { x: x + 3, y: 12, class: "degrees" }, `${lon.toFixed(digits)}°`));
    }
    return [svg("g", { class: "grid" }, ...lines)];
  }

  function scale(): SVGElement[] {
    const perKm = height / view.height / KM_PER_DEGREE;
    const length = SCALE.find((one) => one * perKm <= 140) ?? 0.05;
    const [x, y] = [width - 16, height - 14];
    return [
      svg("line", { x1: x - length * perKm, x2: x, y1: y, y2: y, class: "scale" }),
      svg("text", { x, y: y - 5, class: "scale-name" }, length < 1 ? `${length * 1000} m` : `${number(length)} km`),
    ];
  }
}
