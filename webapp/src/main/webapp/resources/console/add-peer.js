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
    }
  });

  function giveBack() {
    if (opener && document.activeElement === document.body) {
      document.querySelector(`[data-add-peer="${CSS.escape(opener)}"]`)?.focus();
    }
  }

  document.getElementById('client')?.addEventListener('close', giveBack);
  $(document).on('dialogclose pfAjaxComplete', () => {
    if (document.getElementById('dialog')?.getAttribute('aria-hidden') === 'true') giveBack();
  });
})();
