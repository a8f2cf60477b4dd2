// SPDX-License-Identifier: Apache-2.0
// The dialog that adds a peer. client.js has the key pair and the client's file.
(() => {
  'use strict';
  let opener = null;

  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-add-peer]');
    if (button) {
      opener = button.dataset.addPeer;
      window.gatehouse.forgetKeys();
      window.openAddPeer([{ name: 'tunnel', value: opener }]);
    } else if (event.target.closest('[data-make-keys]')) {
      document.getElementById('peer:key').value = await window.gatehouse.makeKeys();
      offer(false);
    }
  });

  // Only with a key pair of this browser, for only then is there a file that tells the client.
  function offer(wanted) {
    const box = document.querySelector('[data-preshared]');
    if (!box) return;
    box.disabled = !window.gatehouse.madeHere(document.getElementById('peer:key').value);
    box.checked = wanted && !box.disabled;
    document.getElementById('peer:preshared').value = window.gatehouse.presharedKey(box.checked);
  }
  document.addEventListener('change', (event) => {
    if (event.target.matches('[data-preshared]')) offer(event.target.checked);
  });
  document.addEventListener('input', (event) => {
    if (event.target.id === 'peer:key') offer(document.querySelector('[data-preshared]').checked);
  });

  function giveBack() {
    if (opener && document.activeElement === document.body) {
      document.querySelector(`[data-add-peer="${CSS.escape(opener)}"]`)?.focus();
    }
  }

  document.getElementById('client')?.addEventListener('close', giveBack);
  // Where the gateway refuses, the form comes back without it.
  let held = false;
  $(document).on('pfAjaxSend', () => {
    held = Boolean(document.querySelector('[data-preshared]')?.checked);
  });
  $(document).on('dialogclose pfAjaxComplete', () => {
    if (held && document.getElementById('client')?.open !== true) offer(true);
    if (document.getElementById('dialog')?.getAttribute('aria-hidden') === 'true') giveBack();
  });
})();
