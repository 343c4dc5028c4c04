// Finds and creates elements without a framework. Text is never parsed as markup.

type Attributes = Record<string, string | number | boolean | undefined>;
type Child = Node | string | undefined;

/** The element with this id. Throws if the page does not have it. */
export function byId<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found as T;
}

/** Creates an element with attributes and children. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  return filled(document.createElement(tag), attributes, children);
}

/** Creates an SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): SVGElementTagNameMap[K] {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled<T extends Element>(element: T, attributes: Attributes, children: Child[]): T {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** Creates a button. */
export function button(label: string, act: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = h("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", act);
  return made;
}

/**
 * Enables or disables a button. If a disabled button has the focus, it moves to another button so that it is not lost.
 */
export function enable(id: string, on: boolean, otherwise?: string): void {
  const button = byId<HTMLButtonElement>(id);
  const wasOn = document.activeElement === button;
  button.disabled = !on;
  if (!on && wasOn && otherwise !== undefined) byId(otherwise).focus();
}

/** Sets a text only if it differs, because a live region is read out for every change of the DOM. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Limits calls to one in `wait` milliseconds, with the last arguments. `flush` makes a pending call at once. */
export function throttled<A extends unknown[]>(wait: number, act: (...given: A) => void): ((...given: A) => void) & { flush(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pending: A | undefined;
  let last = -Infinity;
  const run = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (pending === undefined) return;
    const given = pending;
    pending = undefined;
    last = performance.now();
    act(...given);
  };
  const call = (...given: A): void => {
    pending = given;
    timer ??= setTimeout(run, Math.max(0, last + wait - performance.now()));
  };
  return Object.assign(call, { flush: run });
}
