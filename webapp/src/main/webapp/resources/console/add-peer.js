// SPDX-License-Identifier: Apache-2.0
// The dialog that adds a peer. A key pair can be made here: the public key goes to the gateway, the
// private key only into the client's file, which is shown once and forgotten when its dialog closes.
(() => {
  'use strict';
  const dialog = document.getElementById('client');
  const endpoint = document.getElementById('client-endpoint');
  const text = document.getElementById('client-text');
  const code = document.getElementById('client-code');
  const said = document.getElementById('client-said');
  let opener = null;
  let pair = null;
  let client = null;

  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-add-peer]');
    if (button) {
      opener = button.dataset.addPeer;
      pair = null;
      window.openAddPeer([{ name: 'tunnel', value: opener }]);
    } else if (event.target.closest('[data-make-keys]')) {
      pair = await window.gatehouse.keyPair();
      document.getElementById('peer:key').value = pair.public;
    }
  });

  function file() {
    const lines = ['[Interface]'];
    if (client.name) lines.push(`# ${client.name}`);
    lines.push(`PrivateKey = ${pair.secret}`);
    if (client.addresses) lines.push(`Address = ${client.addresses}`);
    if (client.dns) lines.push(`DNS = ${client.dns}`);
    if (client.mtu !== '0') lines.push(`MTU = ${client.mtu}`);
    lines.push('', '[Peer]', `PublicKey = ${client.key}`);
    if (endpoint.value.trim()) lines.push(`Endpoint = ${endpoint.value.trim()}`);
    if (client.routes) lines.push(`AllowedIPs = ${client.routes}`);
    if (client.keepalive !== '0') lines.push(`PersistentKeepalive = ${client.keepalive}`);
    return `${lines.join('\n')}\n`;
  }

  function show() {
    text.textContent = file();
    const drawn = window.gatehouse.qr(text.textContent, dialog.dataset.code);
    code.replaceChildren(...(drawn ? [drawn] : []));
  }

  // The gateway has the peer. If its key was made here, this is the moment for the client's file.
  window.gatehouse.peerAdded = (peer) => {
    client = { ...document.getElementById('client-side').dataset, ...peer };
    PF('addPeer').hide();
    if (pair && pair.public === peer.publicKey) {
      endpoint.value = client.endpoint;
      said.textContent = '';
      show();
      dialog.showModal();
    } else {
      pair = null;
    }
  };

  endpoint.addEventListener('input', show);
  document.getElementById('client-copy').addEventListener('click', async () => {
    await navigator.clipboard.writeText(text.textContent);
    said.textContent = dialog.dataset.copied;
  });
  document.getElementById('client-download').addEventListener('click', () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text.textContent], { type: 'text/plain' }));
    const name = client.name.toLowerCase().replace(/[^a-z0-9_=+.-]+/g, '-').slice(0, 15);
    link.download = `${name || 'wg0'}.conf`;
    link.click();
    URL.revokeObjectURL(link.href);
  });
  dialog.addEventListener('close', () => {
    pair = null;
    text.textContent = '';
    code.replaceChildren();
    giveBack();
  });

  function giveBack() {
    if (opener && document.activeElement === document.body) {
      document.querySelector(`[data-add-peer="${CSS.escape(opener)}"]`)?.focus();
    }
  }

  $(document).on('dialogclose pfAjaxComplete', () => {
    if (document.getElementById('dialog').getAttribute('aria-hidden') === 'true') giveBack();
  });
})();
