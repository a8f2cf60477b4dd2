// SPDX-License-Identifier: Apache-2.0
// Many new peers from a table. Key pairs that the table does not have are made here; their private
// keys stand only in the files that are offered once and forgotten with the page.
(() => {
  'use strict';
  const secrets = new Map(); // public key -> private key
  const file = document.querySelector('[data-list-file]');
  if (!file) return;

  document.addEventListener('click', async (event) => {
    if (event.target.closest('[data-list-choose]')) file.click();
    const add = event.target.closest('[data-list-add]');
    if (add) {
      const lines = [];
      for (const row of document.querySelectorAll('[data-entry][data-make=true]')) {
        const pair = await window.gatehouse.keyPair();
        secrets.set(pair.public, pair.secret);
        lines.push(`${row.dataset.entry} ${pair.public}`);
      }
      document.getElementById('list:keys').value = lines.join('\n');
      window.addListed();
    }
  });

  file.addEventListener('change', async () => {
    document.getElementById('list:text').value = await file.files[0].text();
    file.value = '';
    document.getElementById('list:read').click();
  });

  function text(client) {
    const lines = ['[Interface]', `# ${client.name}`, `PrivateKey = ${secrets.get(client.publicKey)}`, `Address = ${client.addresses}`];
    if (client.dns) lines.push(`DNS = ${client.dns}`);
    if (client.mtu !== '0') lines.push(`MTU = ${client.mtu}`);
    lines.push('', '[Peer]', `PublicKey = ${client.key}`);
    if (client.endpoint) lines.push(`Endpoint = ${client.endpoint}`);
    if (client.routes) lines.push(`AllowedIPs = ${client.routes}`);
    if (client.keepalive !== '0') lines.push(`PersistentKeepalive = ${client.keepalive}`);
    return `${lines.join('\n')}\n`;
  }

  window.gatehouse.listAdded = (answer) => {
    if (!answer.clients) return;
    const made = document.getElementById('made');
    const list = made.querySelector('[data-made]');
    for (const client of JSON.parse(answer.clients).filter((each) => secrets.has(each.publicKey))) {
      const item = document.createElement('li');
      item.className = 'row';
      const link = document.createElement('a');
      link.className = 'row-name';
      const name = client.name.toLowerCase().replace(/[^a-z0-9_=+.-]+/g, '-').slice(0, 15);
      link.download = `${name || 'wg0'}.conf`;
      link.href = URL.createObjectURL(new Blob([text(client)], { type: 'text/plain' }));
      link.textContent = client.name;
      const address = document.createElement('code');
      address.textContent = client.addresses;
      item.append(link, address);
      list.append(item);
    }
    made.hidden = list.children.length === 0;
    if (!made.hidden) made.focus();
  };
})();
