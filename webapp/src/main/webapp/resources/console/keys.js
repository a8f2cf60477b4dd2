// SPDX-License-Identifier: Apache-2.0
// The keyboard: / filters, n adds a peer, g and a letter goes to a page, ? explains. Keys of a single
// letter can be switched off (WCAG 2.2, 2.1.4).
(() => {
  'use strict';
  const OFF = 'gatehouse.single-keys-off';
  const box = document.getElementById('single-keys');
  let afterG = 0;

  box.checked = localStorage.getItem(OFF) === null;
  box.addEventListener('change', () => {
    if (box.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, 'true');
  });

  // Native dialogs keep the focus inside and give it back to where it was.
  function open(id) {
    const dialog = document.getElementById(id);
    if (!dialog.open) {
      dialog.showModal();
      dialog.dispatchEvent(new Event('gatehouse:opened'));
    }
  }

  document.addEventListener('click', (event) => {
    const opener = event.target.closest('[data-open]');
    if (opener) {
      document.getElementById('user-menu').hidePopover();
      open(opener.dataset.open);
    }
    const closer = event.target.closest('[data-close]');
    if (closer) document.getElementById(closer.dataset.close).close();
    event.target.closest('[data-dismiss]')?.closest('.notice').remove();
    // A click beside a dialog falls on its backdrop, which counts as the dialog itself.
    if (event.target instanceof HTMLDialogElement) event.target.close();
  });

  const writes = (element) =>
    element.closest('input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]') !== null;

  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      open('palette');
      return;
    }
    const busy = document.querySelector('dialog[open], .ui-dialog[aria-hidden=false]') !== null;
    if (!box.checked || busy || event.ctrlKey || event.metaKey || event.altKey || writes(event.target)) return;
    if (Date.now() - afterG < 1500) {
      afterG = 0;
      const link = document.querySelector(`.side-nav [data-key="${CSS.escape(event.key)}"]`);
      if (link) {
        event.preventDefault();
        link.click();
        return;
      }
    }
    if (event.key === 'g') {
      afterG = Date.now();
    } else if (event.key === '?') {
      event.preventDefault();
      open('help');
    } else if (event.key === '/') {
      const field = document.querySelector('[data-filter]');
      event.preventDefault();
      if (field) {
        field.focus();
        field.select();
      } else {
        open('palette');
      }
    } else if (event.key === 'n') {
      const button = document.querySelector('[data-new], [data-add-peer]');
      if (button) {
        event.preventDefault();
        button.focus();
        button.click();
      }
    }
  });
})();
