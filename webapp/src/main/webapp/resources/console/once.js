// SPDX-License-Identifier: Apache-2.0
// Secrets that are shown once: copied by a button, and drawn as a QR code for an app.
(() => {
  'use strict';
  for (const place of document.querySelectorAll('[data-qr]')) {
    const drawn = window.gatehouse.qr(place.dataset.qr, place.dataset.label);
    if (drawn) place.replaceChildren(drawn);
  }

  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-copy]');
    if (!button) return;
    const from = document.getElementById(button.dataset.copy);
    const lines = [...from.querySelectorAll('li')].map((line) => line.textContent.trim());
    await navigator.clipboard.writeText(lines.length > 0 ? lines.join('\n') : from.textContent.trim());
    button.querySelector('span').textContent = button.dataset.copied;
  });
})();
