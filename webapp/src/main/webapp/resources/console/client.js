// SPDX-License-Identifier: Apache-2.0
// The file of a client whose key pair was made here: the public key goes to the gateway, the private
// key only into this file, which is shown once and forgotten with its dialog or page.
(() => {
  'use strict';
  const place = document.getElementById('client');
  if (!place) return;
  const dataset = document.getElementById('client-file').dataset;
  const endpoint = document.getElementById('client-endpoint');
  const text = document.getElementById('client-text');
  const code = document.getElementById('client-code');
  const said = document.getElementById('client-said');
  let pair = null;
  let preshared = '';
  let client = null;

  function file() {
    const lines = ['[Interface]'];
    if (client.name) lines.push(`# ${client.name}`);
    lines.push(`PrivateKey = ${pair.secret}`);
    if (client.addresses) lines.push(`Address = ${client.addresses}`);
    if (client.dns) lines.push(`DNS = ${client.dns}`);
    if (client.mtu !== '0') lines.push(`MTU = ${client.mtu}`);
    lines.push('', '[Peer]', `PublicKey = ${client.key}`);
    if (preshared) lines.push(`PresharedKey = ${preshared}`);
    if (endpoint.value.trim()) lines.push(`Endpoint = ${endpoint.value.trim()}`);
    if (client.routes) lines.push(`AllowedIPs = ${client.routes}`);
    if (client.keepalive !== '0') lines.push(`PersistentKeepalive = ${client.keepalive}`);
    return `${lines.join('\n')}\n`;
  }

  function show() {
    text.textContent = file();
    const drawn = window.gatehouse.qr(text.textContent, dataset.code);
    code.replaceChildren(...(drawn ? [drawn] : []));
  }

  window.gatehouse.fileName = (name) => {
    const plain = name.toLowerCase().replace(/[^a-z0-9_=+.-]+/g, '-').slice(0, 15);
    return `${plain || 'wg0'}.conf`;
  };

  window.gatehouse.download = (name, content, type = 'text/plain') => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([content], { type }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  };

  // A key pair for the next peer; the public key is handed out.
  window.gatehouse.makeKeys = async () => {
    pair = await window.gatehouse.keyPair();
    return pair.public;
  };
  window.gatehouse.madeHere = (key) => pair !== null && pair.public === key;
  // A preshared key for the same peer, or none; both sides need it, so the gateway is told.
  window.gatehouse.presharedKey = (wanted) => {
    if (!wanted) preshared = '';
    else if (!preshared) preshared = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
    return preshared;
  };

  window.gatehouse.forgetKeys = () => {
    pair = null;
    preshared = '';
    text.textContent = '';
    document.getElementById('client-link').value = '';
    code.replaceChildren();
  };

  // The gateway has the peer. If its key was made here, this is the moment for the client's file.
  window.gatehouse.peerAdded = (peer) => {
    client = { ...document.getElementById('client-side').dataset, ...peer };
    if (window.PrimeFaces?.widgets?.addPeer) PF('addPeer').hide();
    if (pair && pair.public === peer.publicKey) {
      endpoint.value = client.endpoint;
      document.getElementById('client-file').dataset.client = client.name;
      document.getElementById('client-link').closest('.field').hidden = true;
      said.textContent = '';
      show();
      if (place.showModal) {
        place.showModal();
      } else {
        place.hidden = false;
        place.focus();
      }
    } else {
      window.gatehouse.forgetKeys();
    }
    document.dispatchEvent(new Event('gatehouse:renewed'));
  };

  endpoint.addEventListener('input', show);
  document.getElementById('client-copy').addEventListener('click', async () => {
    await navigator.clipboard.writeText(text.textContent);
    said.textContent = dataset.copied;
  });
  document.getElementById('client-download').addEventListener('click', () => {
    window.gatehouse.download(window.gatehouse.fileName(client.name), text.textContent);
  });
  place.addEventListener('close', window.gatehouse.forgetKeys);

  // On the page that makes a first client, one button does both.
  document.addEventListener('submit', async (event) => {
    if (event.target.querySelector('[data-make-client]')) {
      event.preventDefault();
      document.getElementById('peer:key').value = await window.gatehouse.makeKeys();
      window.addClient();
    }
  });
})();
