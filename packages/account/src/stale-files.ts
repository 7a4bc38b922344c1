/**
 * After an upgrade an open page asks for files that are gone. It then loads again, once: a second failure in this tab has another cause,
 * and the error boundary shows it.
 */
const key = 'postern.reloaded';

export function reloadOnStaleFiles(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const built = import.meta.url;
    if (window.sessionStorage.getItem(key) === built) return;
    window.sessionStorage.setItem(key, built);
    event.preventDefault();
    window.location.reload();
  });
}
