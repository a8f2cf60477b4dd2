// SPDX-License-Identifier: Apache-2.0
// Theme and language as the visitor chooses, kept in cookies for a year; and choices that stand in
// the page's data.
(() => {
  'use strict';
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');

  function keep(name, value) {
    document.cookie = `gatehouse-${name}=${value}; Path=/; Max-Age=31536000; Secure; SameSite=Strict`;
  }

  function paint(theme) {
    root.dataset.theme = theme;
    for (const link of document.querySelectorAll('link[rel=stylesheet]')) {
      const own = link.href.includes('primefaces-saga') ? 'light' : link.href.includes('primefaces-vela') ? 'dark' : '';
      if (own) link.media = theme === 'auto' ? `(prefers-color-scheme: ${own})` : theme === own ? 'all' : 'not all';
    }
  }

  for (const select of document.querySelectorAll('select[data-choose]')) {
    select.addEventListener('change', () => {
      keep(select.dataset.choose, select.value);
      if (select.dataset.choose === 'theme') paint(select.value);
      else location.reload();
    });
  }

  function choose(within) {
    for (const select of within.querySelectorAll('select[data-chosen]')) select.value = select.dataset.chosen;
    for (const box of within.querySelectorAll('input[data-check=true]')) box.checked = true;
  }

  const VIEW = 'input[name="jakarta.faces.ViewState"]';

  // What the other scripts share.
  window.gatehouse = {
    // Takes elements of the same page, made anew by the server, in place of the old ones. Their forms
    // are of the view that is shown (Renewals.java).
    async renew(address, ids) {
      const headers = { Accept: 'text/html', 'Gatehouse-Part': ids.join(' ') };
      const answer = await fetch(address, { cache: 'no-store', headers });
      if (answer.redirected && new URL(answer.url).pathname !== new URL(address, location.href).pathname) {
        location.href = answer.url;
        return;
      }
      if (!answer.ok) return;
      const made = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const id of ids) {
        const old = document.getElementById(id);
        const fresh = made.getElementById(id);
        if (old && fresh) {
          const focused = old.contains(document.activeElement) ? describe(document.activeElement) : '';
          const view = document.querySelector(VIEW)?.value;
          for (const field of fresh.querySelectorAll(VIEW)) field.value = view;
          old.replaceWith(fresh);
          choose(fresh);
          if (focused) fresh.querySelector(focused)?.focus();
        }
      }
      // Gives new forms what PrimeFaces compares with the view: the nonce of its scripts.
      window.PrimeFaces?.csp.init(window.PrimeFaces.csp.NONCE_VALUE);
      document.dispatchEvent(new Event('gatehouse:renewed'));
    },
  };

  // Enough to find the same element in the part that takes its place.
  function describe(element) {
    if (element.id) return `#${CSS.escape(element.id)}`;
    if (element.dataset.addPeer) return `[data-add-peer="${CSS.escape(element.dataset.addPeer)}"]`;
    const href = element.getAttribute('href');
    return href ? `a[href="${CSS.escape(href)}"]` : '';
  }

  choose(document);
  dark.addEventListener('change', () => paint(root.dataset.theme));
})();
