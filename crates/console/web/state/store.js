// A value that components listen to.
import { useEffect, useState } from "../html.js";

/**
 * @template T
 * @typedef {{ get: () => T, set: (next: T | ((now: T) => T)) => void, listen: (f: () => void) => () => void }} Store
 */

/**
 * @template T
 * @param {T} initial
 * @returns {Store<T>}
 */
export function createStore(initial) {
  let value = initial;
  /** @type {Set<() => void>} */
  const listeners = new Set();
  return {
    get: () => value,
    set(next) {
      const made = typeof next === "function" ? /** @type {(now: T) => T} */ (next)(value) : next;
      if (made === value) return;
      value = made;
      for (const listener of [...listeners]) listener();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * The store's value, in a component that is drawn again when it changes.
 * @template T
 * @param {Store<T>} store
 * @returns {T}
 */
export function useStore(store) {
  const [value, setValue] = useState(() => store.get());
  useEffect(() => {
    const update = () => setValue(() => store.get());
    update();
    return store.listen(update);
  }, [store]);
  return value;
}

/**
 * A store that a reload keeps.
 * @template T
 * @param {string} name
 * @param {T} initial
 * @returns {Store<T>}
 */
export function createKeptStore(name, initial) {
  const key = `posthaste.${name}`;
  let kept = initial;
  try {
    const text = localStorage.getItem(key);
    if (text !== null) kept = JSON.parse(text);
  } catch {
    // A browser that keeps nothing starts afresh each time.
  }
  const store = createStore(kept);
  store.listen(() => {
    try {
      localStorage.setItem(key, JSON.stringify(store.get()));
    } catch {
      // As above.
    }
  });
  return store;
}
