// SPDX-License-Identifier: Apache-2.0
// Light or dark at a click, kept for a year. Until the first click the system decides.
(() => {
  'use strict';
  const root = document.documentElement;
  const toggle = document.getElementById('theme-toggle');
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');

  const isDark = () =>
    root.dataset.theme === 'dark' || (root.dataset.theme === 'auto' && prefersDark.matches);

  function show() {
    toggle.querySelector('i').className = isDark() ? 'pi pi-sun' : 'pi pi-moon';
  }

  function choose(name) {
    root.dataset.theme = name;
    for (const link of document.querySelectorAll('link[rel=stylesheet]')) {
      if (link.href.includes('primefaces-saga')) link.media = name === 'light' ? 'all' : 'not all';
      if (link.href.includes('primefaces-vela')) link.media = name === 'dark' ? 'all' : 'not all';
    }
    document.cookie = `gatehouse-theme=${name}; Path=/; Max-Age=31536000; Secure; SameSite=Strict`;
    show();
  }

  toggle.addEventListener('click', () => choose(isDark() ? 'light' : 'dark'));
  prefersDark.addEventListener('change', show);
  show();
})();
