// Addresses of files.

/**
 * The address within this sandbox, whatever name it was reached by.
 * @param {string | undefined} url
 */
export function ownAddress(url) {
  if (!url) return null;
  try {
    const parsed = new URL(url, location.href);
    return parsed.origin === location.origin || parsed.pathname.startsWith("/ig_messaging_cdn/")
      ? `${parsed.pathname}${parsed.search}`
      : null;
  } catch {
    return null;
  }
}

/** @param {string} url */
export function hostOf(url) {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
